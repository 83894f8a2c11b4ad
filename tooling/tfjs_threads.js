// Stands in the bundle for TensorFlow.js's own factory of WebAssembly whose memory can be shared.
//
// Its memory is given, so that our kernels can share it (`js/kernels/`). Their threads do the work:
// TensorFlow.js's own brought nothing, so the bundle is built without them (`bundle.js`).

import * as imported from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';

const factory = imported.default ?? imported;

/**
 * @param {Record<string, unknown>} config what TensorFlow.js gives; changed in place, as the
 *     factory keeps it
 * @returns {Promise<unknown>} the WebAssembly module
 */
export default function withGivenMemory(config) {
  // In pages of 64 KiB: what the factory would start with, and all that 32 bits address but one.
  config.wasmMemory = new WebAssembly.Memory({ initial: 256, maximum: 65_535, shared: true });
  return factory(config);
}
