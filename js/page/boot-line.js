/** How far the start is, under the picture: one line, and another one when it takes long. */

import { find } from './find.js';

const stages = {
  python: find('[data-stage=python]', HTMLElement),
  model: find('[data-stage=model]', HTMLElement),
};

/** @param {keyof typeof stages} stage @param {string} text  none: nothing is to be said @param {number} [fraction] */
export function showStage(stage, text, fraction) {
  const element = stages[stage];
  element.hidden = !text;
  element.toggleAttribute('data-done', fraction === 1);
  const bar = element.querySelector('progress');
  const label = element.querySelector('[data-stage-text]');
  if (label) label.textContent = text;
  if (!bar) return;
  if (fraction === undefined) bar.removeAttribute('value');
  else bar.value = fraction;
}
