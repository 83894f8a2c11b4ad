/**
 * The main thread: carries what the visitor does to Python, and patches to the page.
 *
 * It decides nothing about pictures. It owns what must not wait for Python: the camera's preview,
 * the screen that the address names, and the state `analysing` in the same task as the visitor's
 * choice.
 */

import { watchArrivals } from './arrivals.js';
import { CameraControls } from './camera-controls.js';
import { Conversation, now } from './conversation.js';
import { setSpeaking, speak, vibrate, watchVoices } from './cues.js';
import { find } from './find.js';
import './ghost.js';
import { saysWhatChanged, toggleBlink } from './comparison.js';
import { showKeptPictures } from './kept-pictures.js';
import { giveReminder, giveReport, moment, savePhoto, today } from './keep.js';
import { announcer, app } from './page.js';
import { keepInPlace, showAnalysing, showAnswer, showPicture, showRegions, showRestarted, showState, steadily } from './patches.js';
import { keepMark, tapMark, watchApart } from './overview.js';
import { Photos } from './photos.js';
import { ANOTHER_SPOT, VERSION, toWire } from '../shared/protocol.js';
import { shownAddress, shownRoute, watchScreens } from './screens.js';
import { KeptSpots } from './spots.js';
import { startWorkers } from './start.js';
import { hush } from './told.js';

/** @typedef {import('../shared/protocol.js').Actions} Actions */
/** @typedef {import('../shared/protocol.js').Acts} Acts */
/** @typedef {import('../shared/protocol.js').PassedActions} PassedActions */
/** @typedef {import('../shared/protocol.js').PythonMessage} PythonMessage */
/** @typedef {import('../shared/protocol.js').PatchMessage} PatchMessage */
/** @typedef {import('../shared/protocol.js').Place} Place */
/** @typedef {import('../shared/protocol.js').StoreRequestMessage} StoreRequestMessage */

const selfTimer = find('[data-camera=auto]', HTMLButtonElement);
const voice = find('[data-camera=voice]', HTMLButtonElement);
const scoresShown = find('[data-camera=scores]', HTMLButtonElement);
const erasing = find('[data-testid=erase]', HTMLDialogElement);
const scores = find('[data-region=scores]', HTMLElement);

const photos = new Photos();
const python = new Conversation(photos, (message, transfer) => send(message, transfer));
const camera = new CameraControls({
  onFrame: (pixels, captured_ms) => python.sendFrame(pixels, captured_ms),
  onStarted: tellCamera,
  onStopped: () => act('camera-stopped', {}),
  onStalled: () => act('camera-stalled', {}),
  onFailed: (error) => act('camera-failed', toWire(error)),
});
const SCREENING = { route: /** @type {const} */ ('screening'), spot: null };
const spots = new KeptSpots((message, transfer) => send(message, transfer));
const goTo = watchScreens(() => camera.stop(), (address) => {
  hush();
  act('navigated', address);
});
const choose = watchArrivals(
  (files, place) => analyse(files, 'photo', place),
  (error) => {
    goTo(SCREENING);
    camera.close();
    act('nothing-chosen', error);
  },
);

/** @template {keyof Acts} A @param {A} action @param {Acts[A]} payload */
function act(action, payload) {
  showRestarted(false);
  python.act(action, payload);
}

function tellCamera() {
  act('camera-started', { ...camera.place, automatic: isPressed(selfTimer) });
}

/**
 * Names new photos to Python, and shows in the same task that they are looked at.
 * @param {import('./photos.js').Photo[]} chosen @param {'photo' | 'capture'} source
 * @param {Place} place
 */
function analyse(chosen, source, place) {
  const started_ms = now();
  goTo(SCREENING);
  showAnalysing(place.joins !== null);
  showRestarted(false);
  camera.close();
  python.name(chosen, source, place, started_ms);
}

function capture() {
  if (camera.isOn) analyse([camera.still()], 'capture', camera.place);
}

// --- from Python ---------------------------------------------------------------------------------

/** @param {PythonMessage} message */
function onPython(message) {
  if (message.v !== VERSION) throw new Error(`protocol ${message.v} is not ${VERSION}`);
  if (message.kind === 'patch') applyPatch(message);
  else if (message.kind === 'picture') showPicture(message);
  else if (message.kind === 'read') void python.sendPhoto(message.id);
  else if (message.kind === 'decode') void python.sendDecoded(message.id);
  else if (message.kind === 'report') void giveReport(message.report, () => spots.vault());
  else if (message.kind === 'reminder') giveReminder(message);
  else if (message.kind.startsWith('store-')) void spots.follow(/** @type {StoreRequestMessage} */ (message));
  // The visitor may have switched the automatic photo off just now.
  else if (app.dataset.state === 'live' && isPressed(selfTimer)) capture();
}

/** @param {PatchMessage} patch */
function applyPatch(patch) {
  steadily(() => {
    const isCurrent = python.isCurrent(patch);
    showRegions(patch.regions, isCurrent);
    dressKept();
    python.settle(patch);
    // A patch made before the visitor's last act must not undo what the act has set.
    if (!isCurrent) return;
    // While a camera opens, Python does not know of it yet.
    if (camera.isOn && patch.state !== 'live' && patch.state !== 'booting') camera.close();
    showState(patch.state, patch.has_picture);
  });
  if (patch.announce) {
    announcer.textContent = patch.announce;
    speak(patch.announce);
  }
  vibrate(patch.cue);
  if (patch.frame !== null) camera.next();
}

// --- the page's buttons --------------------------------------------------------------------------

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

/**
 * Asks for a photo of a spot that is there, by the way in which it was photographed before.
 * @param {Place} place @param {string} source
 */
function photograph(place, source) {
  if (source === 'capture') camera.open(place);
  else choose(place);
}

const forgetAnswers = passOn('forget-answers');
/** @type {{[A in keyof Actions]: (payload: Actions[A], button: HTMLElement, event: Event) => void}} */
const actions = {
  'reset-refused': passOn('reset-refused'),
  'open-photo': passOn('open-photo'),
  'modality-chosen': passOn('modality-chosen'),
  'activation-toggled': passOn('activation-toggled'),
  'forget-answers': (of) => {
    document.querySelectorAll('[data-form=answers]').forEach(empty);
    forgetAnswers(of);
  },
  'save-asked': passOn('save-asked'),
  'save-dropped': passOn('save-dropped'),
  'person-chosen': passOn('person-chosen'),
  'person-removed': passOn('person-removed'),
  'spot-deleted': passOn('spot-deleted'),
  'photo-deleted': passOn('photo-deleted'),
  'deletion-refused': passOn('deletion-refused'),
  'compare-with': passOn('compare-with'),
  'shape-asked': passOn('shape-asked'),
  'coin-refused': passOn('coin-refused'),
  'size-removed': passOn('size-removed'),
  'restore-confirmed': passOn('restore-confirmed'),
  'overview-opened': passOn('overview-opened'),
  'overview-dropped': passOn('overview-dropped'),
  'overview-deleted': passOn('overview-deleted'),
  'start-camera': () => camera.open(ANOTHER_SPOT),
  'switch-camera': () => camera.switch(),
  'stop-camera': () => camera.stop(),
  retake: ({ photo, source }) => photograph({ ...ANOTHER_SPOT, replaces: Number(photo) }, source),
  'add-photo': ({ photo, source }) => photograph({ ...ANOTHER_SPOT, joins: Number(photo) }, source),
  'toggle-torch': () => camera.toggleTorch(),
  'toggle-auto': () => act('automatic-set', { automatic: toggle(selfTimer) }),
  'toggle-voice': () => setSpeaking(toggle(voice)),
  // Hidden they stand in the document all the same, but not for the keyboard or a screen reader.
  'toggle-scores': () => { scores.inert = !toggle(scoresShown); },
  'show-answer': () => {
    find('[data-testid=questionnaire]', HTMLDetailsElement).open = false;
    showAnswer();
  },
  capture,
  report: (of) => act('report', { ...of, at: moment() }),
  remind: (of) => act('remind', { ...of, at: moment() }),
  'save-photo': ({ photo }) => void savePhoto(photos, Number(photo)),
  reset: ({ confirmed }) => {
    camera.close();
    act('reset', confirmed ? { confirmed } : {});
  },
  'next-person': ({ confirmed }) => {
    goTo(SCREENING);
    camera.close();
    act('next-person', confirmed ? { confirmed } : {});
  },
  reload: () => location.reload(),
  'save-confirmed': (of, button) => act('save-confirmed', { ...of, fields: fieldsOf(button), ids: newIds(), at: moment() }),
  'person-added': (_, button) => act('person-added', { fields: fieldsOf(button), ids: newIds(), at: moment() }),
  'person-renamed': (of, button) => act('person-renamed', { ...of, fields: fieldsOf(button) }),
  'spot-described': (of, button) => act('spot-described', { ...of, fields: fieldsOf(button) }),
  'care-given': (of, button) => act('care-given', { ...of, fields: fieldsOf(button), at: moment() }),
  'spot-remind': (of) => act('spot-remind', { ...of, at: moment() }),
  'spot-report': (of) => act('spot-report', { ...of, at: moment() }),
  repeat: (of) => {
    act('repeat', of);
    goTo(SCREENING);
    camera.open(ANOTHER_SPOT);
  },
  'coin-confirmed': (of, button) => act('coin-confirmed', { ...of, fields: fieldsOf(button), at: moment() }),
  'change-answered': (of, button) => {
    if (saysWhatChanged(formOf(button))) act('change-answered', { ...of, fields: fieldsOf(button) });
  },
  'place-tapped': (of, drawing, event) => {
    const { left, top, width, height } = drawing.getBoundingClientRect();
    const { clientX, clientY } = /** @type {MouseEvent} */ (event);
    act('place-tapped', { ...of, x: (clientX - left) / width, y: (clientY - top) / height });
  },
  'overview-marked': (of, button) => act('overview-marked', { ...of, fields: fieldsOf(button), ids: newIds() }),
  'mark-tapped': (_, marked, event) => tapMark(marked, event),
  'toggle-pictures': () => {
    app.toggleAttribute('data-pictures-hidden');
    dressKept();
  },
  'toggle-blink': (_, button) => toggleBlink(button),
  unlock: (_, button) => void spots.unlock(formOf(button)),
  lock: () => void spots.lock(),
  'set-passcode': (_, button) => void spots.setPasscode(formOf(button)),
  'remove-passcode': (_, button) => void spots.removePasscode(formOf(button)),
  backup: async (_, button) => {
    const at = moment();
    if (await spots.backup(formOf(button))) act('backup-made', { at });
  },
  'inspect-backup': async (_, button) => {
    const found = await spots.inspect(formOf(button));
    if (found) act('backup-opened', found);
  },
  'ask-delete-all': () => erasing.showModal(),
  'keep-all': () => erasing.close(),
  'delete-all': async () => {
    erasing.close();
    await spots.deleteAll();
  },
};

/** @param {HTMLElement} button @returns {HTMLFormElement} */
function formOf(button) {
  return /** @type {HTMLFormElement} */ (button.closest('form'));
}

/** What was filled in beside a button. @param {HTMLElement} button @returns {Record<string, string>} */
function fieldsOf(button) {
  const form = button.closest('form');
  const filled = form ? [...new FormData(form)] : [];
  return Object.fromEntries(filled.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

/** Names for whatever a form makes Python create: a person, a spot, a photo and its pictures. */
function newIds() {
  return Array.from({ length: 5 }, () => crypto.randomUUID());
}

/** What the page adds to the screens of kept spots: pictures, a ring, and words for a backup. */
function dressKept() {
  showKeptPictures(() => spots.vault());
  keepMark();
  // Python knows the day on which the store was read; the page may stand open for longer.
  for (const day of document.querySelectorAll('[data-until-today]')) day.setAttribute('max', today());
  document.querySelector('[data-pictures]')?.setAttribute('aria-pressed', String(app.hasAttribute('data-pictures-hidden')));
  const phrase = document.querySelector('[data-backup-words]');
  if (phrase instanceof HTMLInputElement && !phrase.value) void spots.proposeWords(phrase);
}

// What a passcode keeps to itself is not to be read over a shoulder, or off a list of open programs.
for (const kind of ['blur', 'focus']) {
  addEventListener(kind, () => app.toggleAttribute('data-covered', spots.hasPasscode && kind === 'blur'));
}
document.addEventListener('visibilitychange', () => {
  if (document.hidden) app.toggleAttribute('data-covered', spots.hasPasscode);
});

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target.closest('[data-action]') : null;
  if (!(target instanceof HTMLElement || target instanceof SVGElement)) return;
  if (target.closest('[data-testid=questionnaire]')) keepInPlace(target);
  // What a form wants is checked by the browser first.
  if (target instanceof HTMLButtonElement && target.type === 'submit' && target.form) return;
  perform(target, event);
});
document.addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.submitter) perform(event.submitter, event);
});

/** @param {Element} target @param {Event} event */
function perform(target, event) {
  hush();
  const { action = '', ...payload } = /** @type {HTMLElement} */ (target).dataset;
  const asked = /** @type {(payload: object, button: HTMLElement, event: Event) => void} */ (actions[/** @type {keyof Actions} */ (action)]);
  asked(payload, /** @type {HTMLElement} */ (target), event);
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') camera.stop();
});
document.addEventListener('change', (event) => {
  const form = event.target instanceof Element ? event.target.closest('[data-form=answers]') : null;
  if (!(form instanceof HTMLFormElement)) return;
  keepInPlace(/** @type {Element} */ (event.target));
  const { form: _, ...of } = form.dataset;
  act('answers', { ...of, answers: answersOf(form) });
});

/** At once, so that the next tick does not send the old ones again. @param {Element} form */
function empty(form) {
  for (const box of form.querySelectorAll('input')) box.checked = false;
  for (const list of form.querySelectorAll('select')) list.value = '';
}

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

watchApart('data-overview-of', (spot, file) => {
  act('overview-chosen', { spot, photo: python.holdApart(file), started_ms: now() });
});
watchApart('data-coin-of', (capture, file, input) => {
  const fields = fieldsOf(input);
  // Without the coin's name the form says what is missing.
  if (formOf(input).reportValidity()) act('coin-chosen', { capture, fields, photo: python.holdApart(file), started_ms: now() });
});
watchVoices((there) => { voice.hidden = !there; });

// --- the start -----------------------------------------------------------------------------------

/** Tells a new Python what the one before it knew. @param {import('./start.js').InHand} inHand */
function resume(inHand) {
  // What has ended two Pythons would end a third.
  if (inHand && inHand.id !== null && inHand.deaths > 1) photos.giveUp(inHand.id);
  python.resume();
  tellRoute();
  // The frame that was on its way gets no answer, for which the next one waits.
  if (camera.isOn) tellCamera();
  camera.next();
  showRestarted(photos.size > 0 && !camera.isOn);
}

/** A new Python takes the page for the first screen. */
function tellRoute() {
  if (shownRoute() !== 'screening') act('navigated', shownAddress());
}

const send = startWorkers({
  onMessage: onPython,
  onRestart: resume,
  onGivenUp: () => camera.close(),
  isResting: () => app.dataset.state === 'ready' && shownRoute() === 'screening' && !camera.isOn,
});
app.toggleAttribute('data-program', true);
tellRoute();
