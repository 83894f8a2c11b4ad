/**
 * An element that the page cannot be without.
 * @template {Element} T @param {string} selector @param {new () => T} kind @returns {T}
 */
export function find(selector, kind) {
  const element = document.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`the page lacks ${selector}`);
  return element;
}
