/** What Python has the page show: the regions, the state, the picture, and where the focus goes. */

import { Idiomorph } from '../../vendor/idiomorph/idiomorph.esm.js';
import { find } from './find.js';
import { app } from './page.js';
import { shownRoute } from './screens.js';

/** @typedef {import('../shared/protocol.js').AppState} AppState */
/** @typedef {import('../shared/protocol.js').PictureMessage} PictureMessage */

const canvas = find('[data-picture]', HTMLCanvasElement);
const starter = find('[data-testid=start-camera]', HTMLButtonElement);
const controls = find('.controls', HTMLElement);
const capture = find('.capture', HTMLElement);
const beforeControls = find('[data-region=activation]', HTMLElement);
const another = find('.another', HTMLElement);
const restarted = find('[data-testid=restarted]', HTMLElement);

// What Python does not know of stays so: what the visitor has unfolded, and where the focus was put.
const MORPHING = /** @type {const} */ ({
  morphStyle: 'innerHTML',
  callbacks: {
    /** @param {Element} node @param {Element} next */
    beforeNodeMorphed: (node, next) => !(isTold(node) && isTold(next)),
    /** @param {string} name @param {Element} node */
    beforeAttributeUpdated: (name, node) => !(
      (name === 'open' && node instanceof HTMLDetailsElement) || (name === 'tabindex' && node === document.activeElement)
      || (PICTURE.includes(name) && node.hasAttribute('data-blob')) || isFilledIn(name, node)
    ),
  },
});

/** Whether it is a line in which the page says how it went (js/page/told.js). @param {Node} node */
function isTold(node) {
  return node instanceof Element && node.hasAttribute('data-vault-told');
}

/** What the page itself has set of a picture that is kept. */
const PICTURE = ['src', 'data-shown', 'data-missing'];

/**
 * Whether this is what a visitor has filled in and not sent yet; the place comes from the drawing too.
 * @param {string} name @param {Element} node
 */
function isFilledIn(name, node) {
  const form = node.closest('form[data-form]');
  if (!(form instanceof HTMLFormElement) || form.dataset.form === 'answers') return false;
  return ['value', 'checked', 'selected'].includes(name) && !node.closest('[name=site]');
}

/** The question that the visitor is at: it must not move under the finger. @type {Element | null} */
let held = null;

/** Has a field stay where it is on the screen, whatever its answer changes above it. @param {Element} field */
export function keepInPlace(field) {
  held = field;
}

/** Changes the page around the question that the visitor is at. @param {() => void} change */
export function steadily(change) {
  const before_px = held?.getBoundingClientRect().top ?? 0;
  change();
  if (!held?.checkVisibility()) return;
  scrollBy({ top: held.getBoundingClientRect().top - before_px, behavior: 'instant' });
}

/** The questions as Python had them before it knew of the visitor's last act. @type {string | undefined} */
let questionsToCome;

/**
 * A form that does not know of the last tick would take it back, and the next one would send it so.
 * @param {Record<string, string>} regions @param {boolean} isCurrent  whether Python knew of the last act
 */
export function showRegions(regions, isCurrent) {
  const { questions = questionsToCome, ...others } = /** @type {Partial<Record<string, string>>} */ (regions);
  questionsToCome = isCurrent ? undefined : questions;
  const shown = isCurrent ? { ...others, questions } : others;
  for (const [region, html] of Object.entries(shown)) {
    if (html === undefined) continue;
    const place = find(`[data-region=${region}]`, HTMLElement);
    const next = document.createElement('template');
    next.innerHTML = html;
    if (subjectOf(place) === subjectOf(next.content)) Idiomorph.morph(place, html, MORPHING);
    else place.replaceChildren(next.content);
  }
}

/** Of what a region tells; what was filled in or unfolded about another stays with that. @param {ParentNode} told */
function subjectOf(told) {
  const subject = told.querySelector('[data-of]');
  return subject instanceof HTMLElement ? subject.dataset.of : undefined;
}

/** The state that the visitor has seen last. @type {AppState} */
let seen = 'booting';

/**
 * Shows that new photos are looked at, before Python knows of them. An answer that they are added to
 * stays meanwhile. @param {boolean} adding
 */
export function showAnalysing(adding) {
  app.dataset.state = 'analysing';
  held = null;
  seen = 'analysing';
  app.toggleAttribute('data-adding', adding);
  if (!adding) app.toggleAttribute('data-has-picture', false);
  placeControls('analysing');
}

/**
 * The buttons for a photo stand below the picture, and at the end where there are others for the
 * spot that is shown. @param {AppState} state
 */
function placeControls(state) {
  if (state === 'analysing' && app.hasAttribute('data-adding')) return;
  const ofPhoto = state === 'error' && document.querySelector('[data-action=retake]') !== null;
  const home = state === 'result' || state === 'rejected' || ofPhoto ? another : capture;
  // Moved for nothing it would lose the focus.
  if (home.contains(controls)) return;
  if (home === another) another.append(controls);
  else beforeControls.after(controls);
}

/** @param {AppState} state @param {boolean} hasPicture */
export function showState(state, hasPicture) {
  app.toggleAttribute('data-has-picture', hasPicture);
  const before = app.dataset.state;
  if (state !== before) {
    app.dataset.state = state;
    if (state !== 'analysing') app.toggleAttribute('data-adding', false);
    if (state !== 'booting' && state !== 'analysing') app.dataset.boot = 'done';
    // What was to be looked at once more has been.
    if (before === 'analysing') showRestarted(false);
  }
  placeControls(state);
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

/** Goes to the answer, at the visitor's wish. */
export function showAnswer() {
  held = null;
  const answer = find('[data-region=answer]', HTMLElement);
  answer.scrollIntoView({ block: 'start' });
  (answer.querySelector('h2') ?? answer).focus({ preventScroll: true });
}

/** On a phone the answer stands below the picture: bring its beginning into view. */
function revealAnswer() {
  // An answer that the visitor's own answers have changed comes when the visitor asks for it.
  if (held?.checkVisibility()) return;
  const answer = find('[data-region=answer]', HTMLElement);
  const row = find('[data-region=row]', HTMLElement);
  const beginning = row.childElementCount ? row : answer;
  const { top } = beginning.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.5) beginning.scrollIntoView({ block: 'start' });
  focusAnswer(answer);
}

/**
 * The keyboard, and a screen reader, go on from the answer's heading, unless they are busy elsewhere:
 * what they had pressed is gone by now, or has done its work.
 * @param {HTMLElement} answer
 */
function focusAnswer(answer) {
  const { activeElement } = document;
  if (activeElement !== document.body && !activeElement?.closest('.capture')) return;
  const heading = answer.querySelector('h2') ?? answer;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** @param {PictureMessage} picture */
export function showPicture({ rgba, width, height }) {
  canvas.width = width;
  canvas.height = height;
  const pixels = new ImageData(new Uint8ClampedArray(rgba), width, height);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}

/** Says that a worker had to be started again, and that the photo is looked at once more. @param {boolean} shown */
export function showRestarted(shown) {
  restarted.hidden = !shown;
}
