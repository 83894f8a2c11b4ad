/**
 * The main thread: hands the ports out, carries events to Python and patches to the page.
 *
 * It decides nothing about pictures. It owns what must not wait for Python: the camera's preview,
 * and the state `analysing` in the same task as the visitor's choice.
 */

import { Idiomorph } from '../vendor/idiomorph/idiomorph.esm.js';
import { Camera, readPixels, readableContext } from './camera.js';
import { setSpeaking, speak, vibrate, watchVoices } from './cues.js';
import { announcer, app, find } from './page.js';
import { MAXIMUM_FILE_BYTES, VERSION, toWire } from './protocol.js';
import { startWorkers } from './start.js';

/** @typedef {import('./protocol.js').HostMessage} HostMessage */
/** @typedef {import('./protocol.js').PythonMessage} PythonMessage */
/** @typedef {import('./protocol.js').PatchMessage} PatchMessage */
/** @typedef {import('./protocol.js').PictureMessage} PictureMessage */

// What Python gets of a picture that only the browser can decode.
const DECODED_SIDE_PX = 1024;

const canvas = find('[data-picture]', HTMLCanvasElement);
const zoom = find('[data-camera=zoom]', HTMLInputElement);
const torch = find('[data-camera=torch]', HTMLButtonElement);
const switcher = find('[data-camera=switch]', HTMLButtonElement);
const selfTimer = find('[data-camera=auto]', HTMLButtonElement);
const voice = find('[data-camera=voice]', HTMLButtonElement);

const restarted = find('[data-testid=restarted]', HTMLElement);
const starter = find('[data-testid=start-camera]', HTMLButtonElement);
const shutter = find('[data-testid=capture]', HTMLButtonElement);

let intent = 0;
let nextId = 1;
/** Files that Python may hand back for the browser to decode. @type {Map<number, File>} */
const files = new Map();
/** Says the last picture again, to a new Python. @type {() => void} */
let sayAgain = () => {};

function now() {
  return performance.timeOrigin + performance.now();
}

/** @param {string} action @param {Record<string, unknown>} [payload] */
function act(action, payload = {}) {
  intent += 1;
  restarted.hidden = true;
  send({ v: VERSION, kind: 'event', intent, action, payload });
}

// --- from Python ---------------------------------------------------------------------------------

/** @param {PythonMessage} message */
function onPython(message) {
  if (message.v !== VERSION) throw new Error(`protocol ${message.v} is not ${VERSION}`);
  if (message.kind === 'patch') applyPatch(message);
  else if (message.kind === 'picture') showPicture(message);
  else if (message.kind === 'decode') decodeHere(message.id);
  else pressShutter();
}

// What the visitor has unfolded stays so: Python does not know of it.
const MORPHING = /** @type {const} */ ({
  morphStyle: 'innerHTML',
  callbacks: {
    /** @param {string} name @param {Element} node */
    beforeAttributeUpdated: (name, node) => !(name === 'open' && node instanceof HTMLDetailsElement),
  },
});

/** @param {PatchMessage} patch */
function applyPatch(patch) {
  for (const [region, html] of Object.entries(patch.regions)) {
    Idiomorph.morph(find(`[data-region=${region}]`, HTMLElement), html, MORPHING);
  }
  // A patch made before the visitor's last wish must not undo the state that the wish has set.
  if (patch.intent >= intent && app.dataset.state !== patch.state) {
    app.dataset.state = patch.state;
    if (patch.state !== 'booting' && patch.state !== 'analysing') app.dataset.boot = 'done';
    if (patch.state === 'result' || patch.state === 'rejected' || patch.state === 'error') {
      revealAnswer();
    }
  }
  if (patch.announce) {
    announcer.textContent = patch.announce;
    speak(patch.announce);
  }
  vibrate(patch.cue);
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
  sayAgain = () => void analyse(file);
  const started_ms = now();
  intent += 1;
  const mine = intent;
  restarted.hidden = true;
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
    sayAgain = () => act('camera-started');
    sayAgain();
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
  closeCamera();
  sayAgain = () => {
    intent += 1;
    restarted.hidden = true;
    app.dataset.state = 'analysing';
    send({ v: VERSION, kind: 'frame', id: nextId++, intent, purpose: 'capture', ...pixels, started_ms });
  };
  sayAgain();
}

/** Python asks for the photo; the visitor may have switched that off. */
function pressShutter() {
  if (app.dataset.state === 'live' && isPressed(selfTimer)) capture();
}

/** @param {HTMLButtonElement} button */
function isPressed(button) {
  return button.getAttribute('aria-pressed') === 'true';
}

/** @param {HTMLButtonElement} button @returns {boolean} whether it is pressed now */
function toggle(button) {
  const pressed = !isPressed(button);
  button.setAttribute('aria-pressed', String(pressed));
  return pressed;
}

/** @type {Record<string, () => void>} */
const actions = {
  'start-camera': () => void openCamera(() => camera.start()),
  'switch-camera': () => void openCamera(() => camera.switch()),
  'stop-camera': () => {
    closeCamera();
    starter.focus();
    sayAgain = () => act('reset');
    sayAgain();
  },
  'toggle-torch': () => {
    const on = !isPressed(torch);
    camera.apply({ torch: on }).then(() => torch.setAttribute('aria-pressed', String(on)), () => { torch.hidden = true; });
  },
  'toggle-auto': () => app.toggleAttribute('data-by-hand', !toggle(selfTimer)),
  'toggle-voice': () => setSpeaking(toggle(voice)),
  'open-questions': () => {
    const questions = find('[data-testid=questionnaire]', HTMLDetailsElement);
    questions.open = true;
    questions.scrollIntoView({ block: 'start' });
    questions.querySelector('summary')?.focus({ preventScroll: true });
  },
  capture,
  'choose-photo': () => upload.click(),
  reset: () => {
    closeCamera();
    app.toggleAttribute('data-has-picture', false);
    starter.focus();
    sayAgain = () => act('reset');
    sayAgain();
  },
  reload: () => location.reload(),
};

zoom.addEventListener('input', () => void camera.apply({ zoom: zoom.valueAsNumber }).catch(() => { zoom.hidden = true; }));
document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target.closest('[data-action]') : null;
  if (!(target instanceof HTMLElement)) return;
  const { action = '', ...payload } = target.dataset;
  const mine = actions[action];
  // What is not the page's own business is Python's: it has rendered the button.
  if (mine) mine();
  else act(action, payload);
});
document.addEventListener('change', (event) => {
  const form = event.target instanceof Element ? event.target.closest('[data-form]') : null;
  if (form instanceof HTMLFormElement) act(form.dataset.form ?? '', answersOf(form));
});

/** The ticked boxes and the chosen values of a form. @param {HTMLFormElement} form */
function answersOf(form) {
  /** @type {Record<string, boolean | string>} */
  const answers = {};
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && field.checked) answers[field.name] = true;
    else if (field instanceof HTMLSelectElement && field.value) answers[field.name] = field.value;
  }
  return answers;
}

watchVoices((there) => { voice.hidden = !there; });

// A page in the background gives the camera back; its light would worry people.
document.addEventListener('visibilitychange', () => {
  if (document.hidden && camera.running) actions['stop-camera']();
});

// --- the start -----------------------------------------------------------------------------------

const send = startWorkers({
  onMessage: onPython,
  onRestart() {
    sayAgain();
    // The frame that was on its way gets no answer, which the next one waits for.
    if (camera.running) camera.next();
    restarted.hidden = app.dataset.state !== 'analysing';
  },
});
app.toggleAttribute('data-program', true);
