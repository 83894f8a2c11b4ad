// What Lentigo uses of TensorFlow.js, as one ES module: `vendor/tfjs/tfjs.js`.
//
// The four backends register themselves and their kernels when they are imported, so the
// imports without names are the point and must not be shaken away.

import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';

export * from '@tensorflow/tfjs-core';
export { GraphModel, loadGraphModel, registerOp } from '@tensorflow/tfjs-converter';
export { setThreadsCount, setWasmPath, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
export { WebGPUBackend, webgpu_util } from '@tensorflow/tfjs-backend-webgpu';
