// ONNX Runtime Web in a module worker.

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
    const load_ms = performance.now() - since;
    const times_ms = [];
    let logits;
    for (let index = 0; index < warmups + runs; index += 1) {
      const begun = performance.now();
      const input = new ort.Tensor('float32', pixels, [1, 224, 224, 3]);
      const outputs = await session.run({ pixels: input });
      logits = [...(await outputs.logits.getData())];
      if (index >= warmups) times_ms.push(performance.now() - begun);
    }
    self.postMessage({ load_ms, times_ms, logits, adapter: '' });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
