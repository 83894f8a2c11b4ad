/**
 * Gives a buffer's memory back at once, where the browser can. What was only copied waits long for the
 * garbage collector in a worker that asks for nothing more.
 * @param {ArrayBufferLike} buffer  read by nobody any more
 */
export function letGo(buffer) {
  /** @type {any} */ (buffer).transfer?.(0);
}
