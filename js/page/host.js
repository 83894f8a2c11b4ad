/**
 * The main thread: hands the ports out, carries events to Python and patches to the page.
 *
 * It decides nothing about pictures. It owns what must not wait for Python: the camera's preview,
 * and the state `analysing` in the same task as the visitor's choice.
 */

import { Idiomorph } from '../../vendor/idiomorph/idiomorph.esm.js';
import { Camera } from './camera.js';
import { CameraEntry } from './camera-entry.js';
import { setSpeaking, speak, vibrate, watchVoices } from './cues.js';
import { filesOf, insteadOf } from './dropped.js';
import { find } from './find.js';
import { announcer, app } from './page.js';
import { Photos } from './photos.js';
import { VERSION, toWire } from '../shared/protocol.js';
import { shownRoute, watchScreens } from './screens.js';
import { startWorkers } from './start.js';

/** @typedef {import('../shared/protocol.js').Actions} Actions */
/** @typedef {import('../shared/protocol.js').Acts} Acts */
/** @typedef {import('../shared/protocol.js').PassedActions} PassedActions */
/** @typedef {import('../shared/protocol.js').HostMessage} HostMessage */
/** @typedef {import('../shared/protocol.js').PythonMessage} PythonMessage */
/** @typedef {import('../shared/protocol.js').PatchMessage} PatchMessage */
/** @typedef {import('../shared/protocol.js').PictureMessage} PictureMessage */

// A permission that was given before is not asked for again; only then a word would flicker.
const ASKING_TOLD_MS = 800;

const canvas = find('[data-picture]', HTMLCanvasElement);
const zoom = find('[data-camera=zoom]', HTMLInputElement);
const torch = find('[data-camera=torch]', HTMLButtonElement);
const switcher = find('[data-camera=switch]', HTMLButtonElement);
const selfTimer = find('[data-camera=auto]', HTMLButtonElement);
const voice = find('[data-camera=voice]', HTMLButtonElement);

const restarted = find('[data-testid=restarted]', HTMLElement);
const starter = find('[data-testid=start-camera]', HTMLButtonElement);
const asking = find('[data-camera=asking]', HTMLElement);
const shutter = find('[data-testid=capture]', HTMLButtonElement);

let intent = 0;
let nextId = 1;
const photos = new Photos();
/** The last act that a patch has answered. */
let answered = 0;
/** Acts that no patch has answered: another Python must be told of them too. @type {HostMessage[]} */
let unanswered = [];
/** What another Python must know besides. @type {string | null} */
let memento = null;

function now() {
  return performance.timeOrigin + performance.now();
}

/** @template {keyof Acts} A @param {A} action @param {Acts[A]} payload */
function act(action, payload) {
  intent += 1;
  sendAct(/** @type {HostMessage} */ ({ v: VERSION, kind: 'event', intent, action, payload }));
}

/** @param {HostMessage} message */
function sendAct(message) {
  restarted.hidden = true;
  unanswered.push(message);
  send(message);
}

/** Forgets what Python has answered, and the photos that nobody will ask for. @param {PatchMessage} patch */
function settle(patch) {
  unanswered = unanswered.filter((message) => message.intent > patch.intent);
  // A Python that has not been told yet what the one before it knew has nothing to pass on.
  const knows = patch.intent >= answered;
  answered = Math.max(answered, patch.intent);
  if (patch.memento === null || !knows) return;
  memento = patch.memento;
  const coming = unanswered.flatMap((message) => (message.kind === 'photos' ? message.photos : []));
  photos.keepOnly(new Set([...JSON.parse(memento).photos, ...coming.map(({ id }) => id)]));
}

// --- from Python ---------------------------------------------------------------------------------

/** @param {PythonMessage} message */
function onPython(message) {
  if (message.v !== VERSION) throw new Error(`protocol ${message.v} is not ${VERSION}`);
  if (message.kind === 'patch') applyPatch(message);
  else if (message.kind === 'picture') showPicture(message);
  else if (message.kind === 'read') void readPhoto(message.id);
  else if (message.kind === 'decode') void decodePhoto(message.id);
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
  settle(patch);
  // A patch made before the visitor's last act must not undo the state that the act has set.
  if (patch.intent >= intent) applyState(patch);
  if (patch.announce) {
    announcer.textContent = patch.announce;
    speak(patch.announce);
  }
  vibrate(patch.cue);
  if (patch.frame !== null) camera.next();
}

/** The state that the visitor has seen last. @type {string} */
let seen = 'booting';

/** @param {PatchMessage} patch */
function applyState({ state, has_picture }) {
  app.toggleAttribute('data-has-picture', has_picture);
  // While a camera opens, Python does not know of it yet.
  if (camera.running && !opening && state !== 'live' && state !== 'booting') closeCamera();
  const before = app.dataset.state;
  if (state !== before) {
    app.dataset.state = state;
    if (state !== 'booting' && state !== 'analysing') app.dataset.boot = 'done';
    // What was to be looked at once more has been.
    if (before === 'analysing') restarted.hidden = true;
  }
  // An answer that came while another screen was shown waits for the visitor.
  if (state !== seen && shownRoute() === 'screening') {
    seen = state;
    if (state === 'result' || state === 'rejected' || state === 'error') revealAnswer();
  }
  // The button that was pressed may be gone, and the keyboard's focus with it.
  if (document.activeElement !== document.body || before === 'booting') return;
  const wanted = document.querySelector('[data-focus]');
  if (wanted instanceof HTMLElement) wanted.focus();
  else if (state === 'ready') starter.focus();
}

/** On a phone the answer stands below the picture: bring its beginning into view. */
function revealAnswer() {
  const answer = find('[data-region=answer]', HTMLElement);
  const row = find('[data-region=row]', HTMLElement);
  const beginning = row.childElementCount ? row : answer;
  const { top } = beginning.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.5) beginning.scrollIntoView({ block: 'start' });
  // The shutter that was pressed is gone by now, and the keyboard's focus with it.
  if (document.activeElement === document.body) answer.focus({ preventScroll: true });
}

/** @param {PictureMessage} picture */
function showPicture({ rgba, width, height }) {
  canvas.width = width;
  canvas.height = height;
  const pixels = new ImageData(new Uint8ClampedArray(rgba), width, height);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}

/** @param {number} id */
async function readPhoto(id) {
  try {
    const photo = await photos.read(id);
    if ('rgba' in photo) sendPixels(id, photo);
    else send({ v: VERSION, kind: 'file', id, intent, ...photo }, [photo.bytes.buffer]);
  } catch (error) {
    send({ v: VERSION, kind: 'unreadable', id, intent, error: toWire(error) });
  }
}

/** @param {number} id */
async function decodePhoto(id) {
  try {
    sendPixels(id, await photos.decode(id));
  } catch (error) {
    send({ v: VERSION, kind: 'unreadable', id, intent, error: toWire(error) });
  }
}

/** @param {number} id @param {import('./camera.js').Pixels} pixels */
function sendPixels(id, pixels) {
  send({ v: VERSION, kind: 'frame', id, intent, purpose: 'photo', ...pixels, started_ms: now() }, [pixels.rgba.buffer]);
}

// --- photos --------------------------------------------------------------------------------------

/**
 * Names new photos to Python, and shows in the same task that they are looked at.
 * @param {import('./photos.js').Photo[]} chosen @param {'photo' | 'capture'} source
 * @param {number | null} replaces  a photo of the same spot
 */
function analyse(chosen, source, replaces = null) {
  if (chosen.length === 0) return;
  const started_ms = now();
  goTo('screening');
  intent += 1;
  app.dataset.state = 'analysing';
  seen = 'analysing';
  app.toggleAttribute('data-has-picture', false);
  closeCamera();
  const named = chosen.map((photo) => {
    const id = nextId++;
    photos.hold(id, photo);
    return { id, name: photos.nameOf(id) };
  });
  sendAct({ v: VERSION, kind: 'photos', intent, source, photos: named, replaces, started_ms });
}

/** @param {DataTransfer | null} transfer */
function takeFrom(transfer) {
  if (!transfer) return;
  const files = filesOf(transfer);
  if (files.length) {
    analyse(files, 'photo');
    return;
  }
  goTo('screening');
  closeCamera();
  act('nothing-chosen', { name: insteadOf(transfer), message: '', detail: transfer.types.join(', ') });
}

/** The photo that the files to be chosen shall replace. @type {number | null} */
let replaced = null;
/** A picture of the page itself that is dragged is no photo. */
let draggedFromHere = false;
const upload = find('[data-testid=upload]', HTMLInputElement);
upload.addEventListener('click', (event) => {
  // The visitor's own click is about another spot; the page's is about the one to be taken again.
  if (event.isTrusted) replaced = null;
});
upload.addEventListener('change', () => {
  analyse([...upload.files ?? []], 'photo', replaced);
  replaced = null;
  // So that choosing the same file again is a change again.
  upload.value = '';
});
document.addEventListener('paste', (event) => takeFrom(event.clipboardData));
document.addEventListener('dragstart', () => { draggedFromHere = true; });
document.addEventListener('dragend', () => { draggedFromHere = false; });
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  app.toggleAttribute('data-dragging', !draggedFromHere);
});
document.addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) app.toggleAttribute('data-dragging', false);
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  app.toggleAttribute('data-dragging', false);
  if (!draggedFromHere) takeFrom(event.dataTransfer);
  // What was dragged may have been replaced meanwhile, and then its drag has no end.
  draggedFromHere = false;
});

// --- the camera ----------------------------------------------------------------------------------

const camera = new Camera(
  find('[data-camera=preview]', HTMLVideoElement),
  (pixels, started_ms) => {
    send({ v: VERSION, kind: 'frame', id: nextId++, intent, purpose: 'live', ...pixels, started_ms }, [pixels.rgba.buffer]);
  },
  (error) => cameraFailed(error),
  () => act('camera-stalled', {}),
);
const cameraEntry = new CameraEntry(() => stopCamera());
/** The camera that is being opened: whatever the visitor does meanwhile calls it off. @type {AbortController | null} */
let opening = null;
/** The photo that the camera shall take again. @type {number | null} */
let retaken = null;

/** @param {unknown} error */
function cameraFailed(error) {
  closeCamera();
  act('camera-failed', { ...toWire(error) });
}

/** @param {(signal: AbortSignal) => Promise<import('./camera.js').Abilities>} open */
async function openCamera(open) {
  if (opening) return;
  const mine = new AbortController();
  opening = mine;
  const told = setTimeout(() => { asking.hidden = false; }, ASKING_TOLD_MS);
  try {
    const abilities = await open(mine.signal);
    opening = null;
    cameraEntry.open();
    app.toggleAttribute('data-camera-on', true);
    torch.hidden = !abilities.torch;
    torch.setAttribute('aria-pressed', 'false');
    switcher.hidden = !abilities.several;
    zoom.hidden = !abilities.zoom;
    if (abilities.zoom) Object.assign(zoom, abilities.zoom);
    shutter.focus();
    act('camera-started', { replaces: retaken });
    camera.next();
  } catch (error) {
    // Who has called it off has said so already.
    if (!mine.signal.aborted) cameraFailed(error);
  } finally {
    clearTimeout(told);
    if (opening === null || opening === mine) asking.hidden = true;
  }
}

/** Stops the camera, or the wait for it. */
function closeCamera() {
  opening?.abort(new DOMException('called off', 'AbortError'));
  opening = null;
  asking.hidden = true;
  camera.stop();
  cameraEntry.close();
  app.toggleAttribute('data-camera-on', false);
}

/** The visitor does not want the camera any more. */
function stopCamera() {
  if (!camera.running && !opening) return;
  closeCamera();
  act('camera-stopped', {});
}

function capture() {
  if (camera.running && !opening) analyse([camera.still()], 'capture', retaken);
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

/** What Python has rendered, and asks for itself. @template {keyof PassedActions} A @param {A} action */
function passOn(action) {
  return (/** @type {Acts[A]} */ payload) => act(action, payload);
}

/** @type {{[A in keyof Actions]: (payload: Actions[A]) => void}} */
const actions = {
  'reset-refused': passOn('reset-refused'),
  'open-photo': passOn('open-photo'),
  'modality-chosen': passOn('modality-chosen'),
  'activation-toggled': passOn('activation-toggled'),
  'forget-answers': passOn('forget-answers'),
  'start-camera': () => {
    retaken = null;
    void openCamera((signal) => camera.start(signal));
  },
  'switch-camera': () => {
    if (opening) return;
    act('camera-stalled', {});
    void openCamera((signal) => camera.switch(signal));
  },
  'stop-camera': stopCamera,
  retake: ({ photo, source }) => {
    if (source === 'capture') {
      retaken = Number(photo);
      void openCamera((signal) => camera.start(signal));
    } else {
      replaced = Number(photo);
      upload.click();
    }
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
  'choose-photo': () => {
    replaced = null;
    upload.click();
  },
  reset: ({ confirmed }) => {
    closeCamera();
    act('reset', confirmed ? { confirmed } : {});
  },
  reload: () => location.reload(),
};

zoom.addEventListener('input', () => void camera.apply({ zoom: zoom.valueAsNumber }).catch(() => { zoom.hidden = true; }));
document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target.closest('[data-action]') : null;
  if (!(target instanceof HTMLElement)) return;
  const { action = '', ...payload } = target.dataset;
  const perform = /** @type {(payload: object) => void} */ (actions[/** @type {keyof Actions} */ (action)]);
  perform(payload);
});
document.addEventListener('change', (event) => {
  const form = event.target instanceof Element ? event.target.closest('[data-form=answers]') : null;
  if (!(form instanceof HTMLFormElement)) return;
  const { form: _, ...of } = form.dataset;
  act('answers', { ...of, answers: answersOf(form) });
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

// A page in the background gives the camera back, or does not take it; its light would worry people.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) stopCamera();
});

const goTo = watchScreens(stopCamera, (route) => act('navigated', { route }));

// --- the start -----------------------------------------------------------------------------------

/** Tells a new Python what the one before it knew. @param {import('./start.js').InHand} inHand */
function resume(inHand) {
  // What has ended two Pythons would end a third.
  if (inHand && inHand.id !== null && inHand.deaths > 1) photos.giveUp(inHand.id);
  if (memento !== null) send({ v: VERSION, kind: 'resume', intent: answered, memento });
  unanswered.forEach((message) => send(message));
  tellRoute();
  // The frame that was on its way gets no answer, for which the next one waits.
  if (camera.running && !opening) act('camera-started', { replaces: retaken });
  camera.next();
  restarted.hidden = photos.size === 0 || camera.running;
}

/** A new Python takes the page for the first screen. */
function tellRoute() {
  if (shownRoute() !== 'screening') act('navigated', { route: shownRoute() });
}

const send = startWorkers({ onMessage: onPython, onRestart: resume, onGivenUp: closeCamera });
app.toggleAttribute('data-program', true);
tellRoute();
