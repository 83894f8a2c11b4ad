/** The elements of the page that more than one module needs. */

/** @template {Element} T @param {string} selector @param {new () => T} kind @returns {T} */
export function find(selector, kind) {
  const element = document.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`the page lacks ${selector}`);
  return element;
}

export const app = find('[data-testid=app]', HTMLElement);
export const announcer = find('[data-announcer]', HTMLElement);
