/** Workers that the page's content security policy binds. */

/**
 * Starts a worker from a blob that imports a module: from a URL it would not inherit the policy.
 * @param {URL} module @param {string} name  for the developer's tools
 */
export function spawn(module, name = 'engine') {
  const source = `import ${JSON.stringify(module.href)};`;
  const blob = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  return {
    worker: new Worker(blob, { type: 'module', name }),
    /** To be called once the worker has started. */
    forget: () => URL.revokeObjectURL(blob),
  };
}
