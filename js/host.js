/**
 * The main thread: hands the ports out, carries events to Python and patches to the page.
 *
 * It decides nothing about pictures. It owns what must not wait for Python: the boot line, the
 * camera's preview, and the state `analysing` in the same task as the visitor's choice.
 */

import { Idiomorph } from '../vendor/idiomorph/idiomorph.esm.js';
import { Camera, readPixels, readableContext } from './camera.js';
import { BACKENDS, MAXIMUM_FILE_BYTES, VERSION, toWire } from './protocol.js';

/** @typedef {import('./protocol.js').HostMessage} HostMessage */
/** @typedef {import('./protocol.js').PythonMessage} PythonMessage */
/** @typedef {import('./protocol.js').PatchMessage} PatchMessage */
/** @typedef {import('./protocol.js').PictureMessage} PictureMessage */
/** @typedef {import('./protocol.js').EngineReport} EngineReport */
/** @typedef {import('./protocol.js').Backend} Backend */

// Time limits of the start; each is reset by progress, so a slow link is not a fault.
const PYTHON_LIMIT_MS = 120_000;
// PyScript says "ready" also when main.py has failed; the application then never says a word.
const FIRST_WORD_LIMIT_MS = 10_000;
const ENGINE_LIMIT_MS = 60_000;
// What Python gets of a picture that only the browser can decode.
const DECODED_SIDE_PX = 1024;

/** @template {Element} T @param {string} selector @param {new () => T} kind @returns {T} */
function find(selector, kind) {
  const element = document.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`the page lacks ${selector}`);
  return element;
}

const app = find('[data-testid=app]', HTMLElement);
const canvas = find('[data-picture]', HTMLCanvasElement);
const announcer = find('[data-announcer]', HTMLElement);
const stages = {
  python: find('[data-stage=python]', HTMLElement),
  model: find('[data-stage=model]', HTMLElement),
};
const zoom = find('[data-camera=zoom]', HTMLInputElement);
const torch = find('[data-camera=torch]', HTMLButtonElement);
const switcher = find('[data-camera=switch]', HTMLButtonElement);

const starter = find('[data-testid=start-camera]', HTMLButtonElement);
const shutter = find('[data-testid=capture]', HTMLButtonElement);

let intent = 0;
let nextId = 1;
/** Files that Python may hand back for the browser to decode. @type {Map<number, File>} */
const files = new Map();
const toPython = new MessageChannel();

/** @param {HostMessage} message @param {Transferable[]} [transfer] */
function send(message, transfer = []) {
  toPython.port1.postMessage(message, transfer);
}

function now() {
  return performance.timeOrigin + performance.now();
}

/** @param {string} action @param {Record<string, unknown>} [payload] */
function act(action, payload = {}) {
  intent += 1;
  send({ v: VERSION, kind: 'event', intent, action, payload });
}

// --- the start -----------------------------------------------------------------------------------

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
const wantedBackend = /** @type {Backend | null} */ (query.get('backend'));
const forced = wantedBackend && BACKENDS.includes(wantedBackend) ? wantedBackend : null;
const manifestUrl = new URL(app.dataset.manifest ?? '', document.baseURI).href;

/** @type {Worker | undefined} */
let engine;

/** Starts an engine, in place of one that hangs. @param {Backend[]} excluded @returns {MessagePort} Python's end */
function startEngine(excluded) {
  engine?.terminate();
  // From a blob, so that the page's content security policy binds the worker too.
  const source = `import ${JSON.stringify(new URL('engine.js', import.meta.url).href)};`;
  const blob = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(blob, { type: 'module', name: 'engine' });
  engine = worker;
  const channel = new MessageChannel();
  /** @param {string} name @param {string} message @param {unknown} cause */
  const fail = (name, message, cause) => {
    watch.stop();
    worker.terminate();
    failStart(message, cause);
    // Where Python is up already, it shows the error and ends what waits for the engine.
    const payload = { name, message, detail: String(cause) };
    send({ v: VERSION, kind: 'event', intent, action: 'engine-failed', payload });
  };
  const watch = watchdog(ENGINE_LIMIT_MS, () => {
    fail('EngineTimeoutError', 'The model does not start. Check the connection and reload the page.', 'no progress');
  });
  worker.addEventListener('message', ({ data }) => {
    watch.reset();
    if (data.kind === 'loaded' || data.kind === 'failed') {
      watch.stop();
      URL.revokeObjectURL(blob);
    }
    showEngine(data);
  });
  worker.addEventListener('error', (event) => {
    fail('EngineError', 'The model’s program could not be loaded. Reload the page.', event.message);
  });
  worker.postMessage({
    v: VERSION, kind: 'load', manifest_url: manifestUrl, variant: query.get('model'),
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

async function startPython() {
  const enginePort = startEngine([]);
  const tooLate = () => failStart('Python does not start. Check the connection and reload the page.', 'python: time limit');
  const download = watchdog(PYTHON_LIMIT_MS, tooLate);
  try {
    const worker = await pythonWorker();
    worker.postMessage({ v: VERSION, kind: 'connect' }, [toPython.port2, enginePort]);
    await worker.ready;
    const firstWord = watchdog(FIRST_WORD_LIMIT_MS, tooLate);
    toPython.port1.addEventListener('message', () => {
      firstWord.stop();
      showStage('python', 'Python ready', 1);
    }, { once: true });
    toPython.port1.addEventListener('message', ({ data }) => onPython(data, worker));
    toPython.port1.start();
  } catch (error) {
    failStart('Python could not be started in this browser. Reload the page, or try a current Chrome, Edge, Firefox or Safari.', error);
  } finally {
    download.stop();
  }
}

// --- from Python ---------------------------------------------------------------------------------

/** @param {PythonMessage} message @param {Worker} worker */
function onPython(message, worker) {
  if (message.v !== VERSION) throw new Error(`protocol ${message.v} is not ${VERSION}`);
  if (message.kind === 'patch') applyPatch(message);
  else if (message.kind === 'picture') showPicture(message);
  else if (message.kind === 'decode') decodeHere(message.id);
  else worker.postMessage({ v: VERSION, kind: 'connect' }, [startEngine(message.excluded)]);
}

/** @param {PatchMessage} patch */
function applyPatch(patch) {
  for (const [region, html] of Object.entries(patch.regions)) {
    Idiomorph.morph(find(`[data-region=${region}]`, HTMLElement), html, { morphStyle: 'innerHTML' });
  }
  // A patch made before the visitor's last wish must not undo the state that the wish has set.
  if (patch.intent >= intent && app.dataset.state !== patch.state) {
    app.dataset.state = patch.state;
    if (patch.state !== 'booting' && patch.state !== 'analysing') app.dataset.boot = 'done';
    if (patch.state === 'result' || patch.state === 'rejected' || patch.state === 'error') {
      revealAnswer();
    }
  }
  if (patch.announce) announcer.textContent = patch.announce;
  if (patch.frame !== null) camera.next();
}

/** On a phone the answer stands below the picture: bring its beginning into view. */
function revealAnswer() {
  const answer = find('[data-region=answer]', HTMLElement);
  const { top } = answer.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.5) answer.scrollIntoView({ block: 'start' });
  // The shutter that was pressed is gone by now, and the keyboard's focus with it.
  if (document.activeElement === document.body) answer.focus({ preventScroll: true });
}

/** @param {PictureMessage} picture */
function showPicture({ rgba, width, height }) {
  canvas.width = width;
  canvas.height = height;
  const pixels = new ImageData(new Uint8ClampedArray(rgba), width, height);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  app.toggleAttribute('data-has-picture', true);
}

/** Decodes a format that this browser knows and Pillow does not. @param {number} id */
async function decodeHere(id) {
  const file = files.get(id);
  if (!file) return;
  try {
    const bitmap = await createImageBitmap(file);
    const pixels = readPixels(bitmap, bitmap.width, bitmap.height, DECODED_SIDE_PX, readableContext());
    bitmap.close();
    send({ v: VERSION, kind: 'frame', id, intent, purpose: 'decoded', ...pixels, started_ms: now() }, [pixels.rgba.buffer]);
  } catch (error) {
    send({ v: VERSION, kind: 'undecodable', id, intent, error: toWire(error) });
  }
}

// --- photos --------------------------------------------------------------------------------------

/** @param {File} file */
async function analyse(file) {
  const started_ms = now();
  intent += 1;
  const mine = intent;
  app.dataset.state = 'analysing';
  app.toggleAttribute('data-has-picture', false);
  camera.stop();
  const id = nextId++;
  files.clear();
  files.set(id, file);
  const tooLarge = file.size > MAXIMUM_FILE_BYTES;
  let bytes = new Uint8Array();
  try {
    if (!tooLarge) bytes = new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    send({ v: VERSION, kind: 'undecodable', id, intent: mine, error: { ...toWire(error), name: 'BrokenPictureError' } });
    return;
  }
  const { name, type, size } = file;
  send({ v: VERSION, kind: 'file', id, intent: mine, name, type, size, bytes, started_ms }, [bytes.buffer]);
}

/** @param {FileList | null | undefined} list */
function analyseFirst(list) {
  if (list?.[0]) analyse(list[0]);
}

const upload = find('[data-testid=upload]', HTMLInputElement);
upload.addEventListener('change', () => {
  analyseFirst(upload.files);
  // So that choosing the same file again is a change again.
  upload.value = '';
});
document.addEventListener('paste', (event) => analyseFirst(event.clipboardData?.files));
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  app.toggleAttribute('data-dragging', true);
});
document.addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) app.toggleAttribute('data-dragging', false);
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  app.toggleAttribute('data-dragging', false);
  analyseFirst(event.dataTransfer?.files);
});

// --- the camera ----------------------------------------------------------------------------------

const camera = new Camera(
  find('[data-camera=preview]', HTMLVideoElement),
  (pixels, started_ms) => {
    send({ v: VERSION, kind: 'frame', id: nextId++, intent, purpose: 'live', ...pixels, started_ms }, [pixels.rgba.buffer]);
  },
  (error) => cameraFailed(error),
);

/** @param {unknown} error */
function cameraFailed(error) {
  camera.stop();
  app.toggleAttribute('data-camera-on', false);
  act('camera-failed', { ...toWire(error) });
}

/** @param {() => Promise<import('./camera.js').Abilities>} open */
async function openCamera(open) {
  try {
    const abilities = await open();
    app.toggleAttribute('data-has-picture', false);
    app.toggleAttribute('data-camera-on', true);
    torch.hidden = !abilities.torch;
    torch.setAttribute('aria-pressed', 'false');
    switcher.hidden = !abilities.several;
    zoom.hidden = !abilities.zoom;
    if (abilities.zoom) Object.assign(zoom, abilities.zoom);
    shutter.focus();
    act('camera-started');
    camera.next();
  } catch (error) {
    cameraFailed(error);
  }
}

function closeCamera() {
  camera.stop();
  app.toggleAttribute('data-camera-on', false);
}

function capture() {
  if (!camera.running) return;
  const started_ms = now();
  const pixels = camera.still();
  intent += 1;
  app.dataset.state = 'analysing';
  closeCamera();
  send({ v: VERSION, kind: 'frame', id: nextId++, intent, purpose: 'capture', ...pixels, started_ms }, [pixels.rgba.buffer]);
}

/** @type {Record<string, () => void>} */
const actions = {
  'start-camera': () => void openCamera(() => camera.start()),
  'switch-camera': () => void openCamera(() => camera.switch()),
  'stop-camera': () => {
    closeCamera();
    starter.focus();
    act('reset');
  },
  'toggle-torch': () => {
    const on = torch.getAttribute('aria-pressed') !== 'true';
    camera.apply({ torch: on }).then(() => torch.setAttribute('aria-pressed', String(on)), () => { torch.hidden = true; });
  },
  capture,
  'choose-photo': () => upload.click(),
  reset: () => {
    closeCamera();
    app.toggleAttribute('data-has-picture', false);
    starter.focus();
    act('reset');
  },
  reload: () => location.reload(),
};

zoom.addEventListener('input', () => void camera.apply({ zoom: zoom.valueAsNumber }).catch(() => { zoom.hidden = true; }));
document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target.closest('[data-action]') : null;
  const action = target instanceof HTMLElement ? target.dataset.action : undefined;
  if (action) actions[action]?.();
});
// A page in the background gives the camera back; its light would worry people.
document.addEventListener('visibilitychange', () => {
  if (document.hidden && camera.running) actions['stop-camera']();
});

showStage('python', 'Starting Python');
showStage('model', 'Downloading the model');
void startPython();
