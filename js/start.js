/**
 * The start: both workers, the boot line, and a message when a stage does not finish in time.
 */

import { VERSION } from './protocol.js';
import { announcer, app, find } from './page.js';
import { spawn } from './spawn.js';

/** @typedef {import('./protocol.js').EngineReport} EngineReport */
/** @typedef {import('./protocol.js').Backend} Backend */
/** @typedef {import('./protocol.js').WireError} WireError */

// Time limits; the engine's is reset by progress, so a slow link is not a fault.
const PYTHON_LIMIT_MS = 120_000;
// PyScript says "ready" also when main.py has failed; the application then never says a word.
const FIRST_WORD_LIMIT_MS = 10_000;
const ENGINE_LIMIT_MS = 60_000;

const stages = {
  python: find('[data-stage=python]', HTMLElement),
  model: find('[data-stage=model]', HTMLElement),
};

/** @param {keyof typeof stages} stage @param {string} text @param {number} [fraction] */
function showStage(stage, text, fraction) {
  const element = stages[stage];
  const bar = element.querySelector('progress');
  const label = element.querySelector('[data-stage-text]');
  if (label) label.textContent = text;
  if (!bar) return;
  if (fraction === undefined) bar.removeAttribute('value');
  else bar.value = fraction;
  element.toggleAttribute('data-done', fraction === 1);
}

/** The start failed before Python could say so. @param {string} message @param {unknown} cause */
function failStart(message, cause) {
  if (app.dataset.boot === 'done') return;
  console.warn(message, cause);
  app.dataset.boot = 'failed';
  app.dataset.state = 'error';
  find('[data-boot-message]', HTMLElement).textContent = message;
  announcer.textContent = message;
}

/** Calls `onLate` unless it is called again within `limit_ms`. @param {number} limit_ms @param {() => void} onLate */
function watchdog(limit_ms, onLate) {
  let timer = setTimeout(onLate, limit_ms);
  return {
    reset() {
      clearTimeout(timer);
      timer = setTimeout(onLate, limit_ms);
    },
    stop: () => clearTimeout(timer),
  };
}

const query = new URLSearchParams(location.search);
// The engine says so where there is no such backend, or no such model.
const forced = /** @type {Backend | null} */ (query.get('backend') || null);
const manifestUrl = new URL(app.dataset.manifest ?? '', document.baseURI).href;

/** @type {Worker | undefined} */
let engine;

/**
 * Starts an engine, in place of one that hangs.
 * @param {Backend[]} excluded
 * @param {(error: WireError) => void} onFail  the engine died before it could say so itself
 * @returns {MessagePort} Python's end
 */
export function startEngine(excluded, onFail) {
  engine?.terminate();
  const { worker, forget } = spawn(new URL('engine.js', import.meta.url));
  engine = worker;
  const channel = new MessageChannel();
  let settled = false;
  /** @param {string} name @param {string} message @param {string} detail */
  const fail = (name, message, detail) => {
    watch.stop();
    worker.terminate();
    failStart(message, detail);
    onFail({ name, message, detail });
  };
  const watch = watchdog(ENGINE_LIMIT_MS, () => {
    fail('EngineTimeoutError', 'The model does not start. Check the connection and reload the page.', 'no progress');
  });
  worker.addEventListener('message', ({ data }) => {
    watch.reset();
    if (data.kind === 'loaded' || data.kind === 'failed') {
      settled = true;
      watch.stop();
      forget();
    }
    showEngine(data);
  });
  worker.addEventListener('error', (event) => {
    // Once it runs, a request that it does not answer is noticed by Python.
    if (!settled) fail('EngineError', 'The model’s program could not be loaded. Reload the page.', event.message);
  });
  worker.postMessage({
    v: VERSION, kind: 'load', manifest_url: manifestUrl, manifest_sha256: app.dataset.manifestSha256 ?? '',
    variant: query.get('model') || null,
    forced: excluded.length ? null : forced, excluded,
  });
  worker.postMessage({ v: VERSION, kind: 'connect' }, [channel.port1]);
  return channel.port2;
}

/** @param {EngineReport} report */
function showEngine(report) {
  if (report.kind === 'loaded') showStage('model', 'Model ready', 1);
  if (report.kind !== 'progress') return;
  const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
  const { stage, loaded_bytes, total_bytes } = report;
  if (stage === 'download') {
    const text = `Downloading the model: ${megabytes(loaded_bytes)} of ${megabytes(total_bytes)} MB`;
    showStage('model', text, Math.min(0.99, loaded_bytes / total_bytes));
  } else {
    showStage('model', stage === 'compile' ? 'Preparing the model for this device' : 'Checking the model');
  }
}

/** PyScript's worker, once its script element has one. @returns {Promise<Worker & {ready: Promise<unknown>}>} */
async function pythonWorker() {
  const script = /** @type {any} */ (find('script[type=py]', HTMLScriptElement));
  const { hooks } = await import('../vendor/pyscript/core.js');
  return script.xworker ?? new Promise((resolve) => {
    hooks.main.onWorker.add((/** @type {unknown} */ _, /** @type {any} */ worker) => resolve(worker));
  });
}

/**
 * Hands Python its ports and waits for its first word.
 * @param {MessagePort} ours  the host's end
 * @param {MessagePort} theirs  Python's end of the same channel
 * @param {MessagePort} enginePort  Python's end of the engine's channel
 * @returns {Promise<Worker | null>} null where the page has said that Python cannot start
 */
export async function startPython(ours, theirs, enginePort) {
  const tooLate = () => failStart('Python does not start. Check the connection and reload the page.', 'python: time limit');
  const download = watchdog(PYTHON_LIMIT_MS, tooLate);
  try {
    const worker = await pythonWorker();
    worker.postMessage({ v: VERSION, kind: 'connect' }, [theirs, enginePort]);
    await worker.ready;
    const firstWord = watchdog(FIRST_WORD_LIMIT_MS, tooLate);
    ours.addEventListener('message', () => {
      firstWord.stop();
      showStage('python', 'Python ready', 1);
    }, { once: true });
    return worker;
  } catch (error) {
    failStart('Python could not be started in this browser. Reload the page, or try a current Chrome, Edge, Firefox or Safari.', error);
    return null;
  } finally {
    download.stop();
  }
}
