// Stands in the bundle for TensorFlow.js's own factory of threaded WebAssembly.
//
// TensorFlow.js hands the factory's source to its threads as a blob, which our content security
// policy forbids them to run. The same source lies beside the bundle as a file (`vendor/tfjs/`),
// which it allows, so the threads are told to load that.

import * as imported from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';

const factory = imported.default ?? imported;

/**
 * @param {Record<string, unknown>} config what TensorFlow.js gives; changed in place, as the
 *     factory keeps it
 * @returns {Promise<unknown>} the WebAssembly module, once its threads have started
 */
export default function withSameOriginScript(config) {
  const script = new URL('tfjs-backend-wasm-threaded-simd.js', import.meta.url);
  config.mainScriptUrlOrBlob = script.href;
  return factory(config);
}
