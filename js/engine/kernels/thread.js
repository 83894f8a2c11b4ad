/** One more thread for the kernels: serves its pool until the engine ends it. */

import '../../shared/blob-only.js';

self.onmessage = ({ data: { module, memory, stack, pool, index } }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const { serve, __stack_pointer } = /** @type {any} */ (exports);
  __stack_pointer.value = stack;
  self.postMessage(null);
  serve(pool, index);
};
