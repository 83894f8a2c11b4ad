// ONNX Runtime Web in a module worker.

import './counted-gpu.js';

const { gpuCounts, gpuCountsSince } = globalThis;
const DIST = '/node_modules/onnxruntime-web/dist/';

self.onmessage = async ({ data: { backend, threads, model, warmups, runs, pixels } }) => {
  try {
    const since = performance.now();
    const bundle = backend === 'webgpu' ? 'ort.webgpu.min.mjs' : 'ort.wasm.min.mjs';
    const ort = await import(DIST + bundle);
    ort.env.wasm.wasmPaths = DIST;
    ort.env.wasm.numThreads = threads;
    const session = await ort.InferenceSession.create(model, {
      executionProviders: [backend],
      graphOptimizationLevel: 'all',
    });
    let first_ms = 0;
    const times_ms = [];
    let logits;
    let counts;
    for (let index = 0; index < warmups + runs; index += 1) {
      const before = gpuCounts();
      const begun = performance.now();
      const input = new ort.Tensor('float32', pixels, [1, 224, 224, 3]);
      const outputs = await session.run({ pixels: input });
      logits = [...(await outputs.logits.getData())];
      first_ms ||= performance.now() - since;
      if (index >= warmups) times_ms.push(performance.now() - begun);
      counts = gpuCountsSince(before);
    }
    self.postMessage({ first_ms, times_ms, logits, adapter: '', counts });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
