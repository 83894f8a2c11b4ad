/** Workers that the page's content security policy binds. */

/**
 * The worker's own program. In Firefox the service worker does not see what a worker from a blob
 * imports at its head, so without a network it would find nothing; what it imports later it does
 * see. What is said to the worker until then is said again.
 * @param {string} module
 */
function begin(module) {
  /** @type {MessageEvent[]} */
  const early = [];
  const keep = (/** @type {MessageEvent} */ event) => { early.push(event); };
  self.addEventListener('message', keep);
  import(module).then(() => {
    self.removeEventListener('message', keep);
    for (const { data, ports } of early) self.dispatchEvent(new MessageEvent('message', { data, ports: [...ports] }));
  }).catch((error) => {
    // An error of the worker, of which the page hears.
    setTimeout(() => { throw error; });
  });
}

/**
 * Starts a worker from a blob that imports a module: from a URL it would not inherit the policy.
 * @param {URL} module @param {string} name  for the developer's tools
 */
export function spawn(module, name = 'engine') {
  const source = `(${begin})(${JSON.stringify(module.href)});`;
  const blob = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  return {
    worker: new Worker(blob, { type: 'module', name }),
    /** To be called once the worker has started. */
    forget: () => URL.revokeObjectURL(blob),
  };
}
