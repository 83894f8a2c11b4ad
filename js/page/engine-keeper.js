/**
 * Keeps an engine running: starts it, tells when it hangs or has died, and starts another one.
 *
 * A new engine goes back to the backend that the old one ran on; only after two failures of that
 * backend without an answer in between is it passed over. A GPU whose start blocks the engine's thread is remembered.
 */

import { showStage } from './boot-line.js';
import { isGpuBlocked, rememberBlockedGpu } from './blocked-gpu.js';
import { Countdown } from './countdown.js';
import { ENGINE_SILENCE_MS, GPU_SILENCE_MS, PREDICTION_MS } from '../shared/limits.js';
import { app } from './page.js';
import { BACKENDS, VERSION } from '../shared/protocol.js';
import { spawn } from '../shared/spawn.js';
import { watchLife } from './watched-life.js';
import { words } from './words.js';

/** @typedef {import('../shared/protocol.js').EngineReport} EngineReport */
/** @typedef {import('../shared/protocol.js').Backend} Backend */
/** @typedef {import('../shared/protocol.js').WireError} WireError */

const FAILURES = 2;
/** @type {readonly (Backend | null)[]} */
const GPUS = ['webgpu', 'webgl'];

const query = new URLSearchParams(location.search);
// The engine says so where there is no such backend, or no such model.
const wished = /** @type {Backend | null} */ (query.get('backend') || null);
const manifestUrl = new URL(app.dataset.manifest ?? '', document.baseURI).href;

/**
 * @param {{
 *   onNew: () => void,
 *   onFail: (error: WireError) => void,
 * }} listener  `onNew`: another engine has taken the place of the one that had ports before;
 *   `onFail`: there is none any more, and the engine could not say so itself
 */
export function keepEngine({ onNew, onFail }) {
  let forced = wished;
  /** @type {Backend[]} */
  let excluded = forced || !isGpuBlocked() ? [] : BACKENDS.filter((name) => GPUS.includes(name));
  /** The one that starts or runs; null before the first starts. @type {Backend | null} */
  let backend = null;
  /** What the engine is at. @type {'loading' | 'starting' | 'predicting' | 'idle'} */
  let phase = 'loading';
  // A prediction may start another backend in its course.
  let asked = false;
  /** @type {Map<Backend | null, number>} */
  const failures = new Map();
  const silence = new Countdown(() => onSilence());
  /** @type {Worker} */
  let worker;
  let end = () => {};

  function begin() {
    backend = null;
    phase = 'loading';
    asked = false;
    const spawned = spawn(new URL('../engine/engine.js', import.meta.url));
    ({ worker } = spawned);
    const forgetLife = watchLife(worker, () => replace(without(backend, 'died')));
    end = () => {
      silence.stop();
      forgetLife();
      spawned.worker.terminate();
    };
    worker.addEventListener('message', ({ data }) => {
      // What the one before has said may still be on its way.
      if (worker !== spawned.worker) return;
      follow(data);
      if (phase === 'idle') spawned.forget();
    });
    worker.addEventListener('error', ({ message }) => {
      // Once it runs, a request that it does not answer is noticed by its time.
      if (worker === spawned.worker && phase === 'loading') fail('EngineError', 'model-program-missing', words('error.model-program-missing'), message);
    });
    watch();
    worker.postMessage({
      v: VERSION, kind: 'load', manifest_url: manifestUrl, manifest_sha256: app.dataset.manifestSha256 ?? '',
      variant: query.get('model') || null, forced, excluded,
    });
  }

  /** @param {EngineReport} report */
  function follow(report) {
    if (report.kind === 'alive') return;
    if (report.kind === 'progress') {
      showProgress(report);
      backend = report.backend;
      phase = backend ? 'starting' : 'loading';
    } else {
      if (report.kind === 'loaded') showStage('model', words('page.boot.almost'), 1);
      else asked = report.kind === 'working';
      phase = asked ? 'predicting' : 'idle';
      if (report.kind === 'idle') failures.delete(backend);
    }
    watch();
  }

  function watch() {
    // A GPU that the visitor forces may be software, which takes its time.
    const start_ms = GPUS.includes(backend) && !forced ? GPU_SILENCE_MS : ENGINE_SILENCE_MS;
    const limit_ms = { loading: ENGINE_SILENCE_MS, starting: start_ms, predicting: PREDICTION_MS, idle: null }[phase];
    if (limit_ms === null) silence.stop();
    else silence.start(limit_ms);
  }

  function onSilence() {
    if (phase === 'loading') {
      fail('EngineTimeoutError', 'model-silent', words('error.model-silent'), 'no progress');
    } else if (phase === 'starting' && GPUS.includes(backend)) {
      rememberBlockedGpu();
      forced = null;
      replace([...new Set([...excluded, ...BACKENDS.filter((name) => GPUS.includes(name))])]);
    } else {
      replace(without(backend, `does not answer while ${phase}`));
    }
  }

  /** What the next engine shall leave out, after a failure of a backend. @param {Backend | null} failed @param {string} why */
  function without(failed, why) {
    const times = (failures.get(failed) ?? 0) + 1;
    failures.set(failed, times);
    console.info(`The engine ${why} (${failed ?? 'loading'}).`);
    // Those before it in the order were tried, and did not do.
    const tried = forced || failed === null ? excluded : BACKENDS.slice(0, BACKENDS.indexOf(failed));
    if (times < FAILURES) return tried;
    if (failed === null) return null;
    forced = null;
    return [...tried, failed];
  }

  /** @param {Backend[] | null} next  without these; null where another engine would fare no better */
  function replace(next) {
    if (next === null) {
      fail('EngineError', 'model-program-stopped', words('error.model-program-stopped'), 'died while loading');
      return;
    }
    end();
    excluded = next;
    begin();
    onNew();
  }

  /** @param {string} name @param {string} fault @param {string} message  the fault in words @param {string} detail */
  function fail(name, fault, message, detail) {
    end();
    if (app.dataset.boot !== 'done') failStart(message, detail);
    onFail({ name, message, detail, fault, values: {} });
  }

  begin();
  return {
    /** A new way to the present engine. @returns {MessagePort} Python's end */
    port() {
      const channel = new MessageChannel();
      worker.postMessage({ v: VERSION, kind: 'connect' }, [channel.port1]);
      return channel.port2;
    },
    /** Python has found a backend wanting. @param {Backend[]} wanting */
    restartWithout(wanting) {
      forced = null;
      replace([...new Set([...excluded, ...wanting])]);
    },
  };
}

/** @param {import('../shared/protocol.js').ProgressReport} progress */
function showProgress({ stage, loaded_bytes, total_bytes }) {
  if (stage === 'download') {
    const text = words('page.boot.progress', { loaded: loaded_bytes / 1e6, total: total_bytes / 1e6 });
    showStage('model', text, Math.min(0.99, loaded_bytes / total_bytes));
  } else {
    showStage('model', words('page.boot.almost'));
  }
}
