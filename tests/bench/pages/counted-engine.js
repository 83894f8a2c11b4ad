// Lentigo's engine as it is; after each picture it also tells what that took of WebGPU.

import './counted-gpu.js';
import '/js/engine/engine.js';

const { gpuCounts, gpuCountsSince } = /** @type {any} */ (globalThis);
const post = self.postMessage.bind(self);
let before = gpuCounts();
self.postMessage = (/** @type {any} */ message, /** @type {any[]} */ ...rest) => {
  post(message, ...rest);
  if (message.kind === 'working') before = gpuCounts();
  if (message.kind === 'idle') post({ kind: 'counted', counts: gpuCountsSince(before) });
};
