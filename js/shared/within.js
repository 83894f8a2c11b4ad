/** An end to what could take for ever. */

/**
 * Settles as `work` does, or rejects with what `late` makes once the time is over.
 * @template T @param {Promise<T>} work @param {number} limit_ms @param {() => Error} late @returns {Promise<T>}
 */
export function within(work, limit_ms, late) {
  let timer = 0;
  const over = new Promise((_, reject) => {
    timer = setTimeout(() => reject(late()), limit_ms);
  });
  return /** @type {Promise<T>} */ (Promise.race([work, over])).finally(() => clearTimeout(timer));
}
