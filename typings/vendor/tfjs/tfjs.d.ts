export * from '@tensorflow/tfjs-core';
export { GraphModel, loadGraphModel, registerOp } from '@tensorflow/tfjs-converter';
export { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
