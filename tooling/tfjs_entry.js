// What Lentigo always uses of TensorFlow.js, as one ES module: `vendor/tfjs/tfjs.js`. The other three
// backends are modules beside it (`bundle.js`), which register themselves when they are imported.

export * from '@tensorflow/tfjs-core';
export { GraphModel, loadGraphModel, registerOp } from '@tensorflow/tfjs-converter';
export { setThreadsCount, setWasmPath, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
