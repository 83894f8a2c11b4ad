/** The two lines under the picture that tell how far the start is. */

import { find } from './find.js';

const stages = {
  python: find('[data-stage=python]', HTMLElement),
  model: find('[data-stage=model]', HTMLElement),
};

/** @param {keyof typeof stages} stage @param {string} text @param {number} [fraction] */
export function showStage(stage, text, fraction) {
  const element = stages[stage];
  const bar = element.querySelector('progress');
  const label = element.querySelector('[data-stage-text]');
  if (label) label.textContent = text;
  if (!bar) return;
  if (fraction === undefined) bar.removeAttribute('value');
  else bar.value = fraction;
  element.toggleAttribute('data-done', fraction === 1);
}
