// LiteRT.js in a classic worker.

importScripts('/bench/counted-gpu.js');

const { gpuCounts, gpuCountsSince } = self;
const CORE = '/node_modules/@litertjs/core/';
const UTILITIES = '/node_modules/@litertjs/wasm-utils/dist/index.js';

/** Its module names another package, and workers have no import map. */
async function load() {
  const source = await (await fetch(`${CORE}dist/index.js`)).text();
  const named = source.replaceAll('"@litertjs/wasm-utils"', JSON.stringify(self.origin + UTILITIES));
  return import(URL.createObjectURL(new Blob([named], { type: 'text/javascript' })));
}

self.onmessage = async ({ data: { backend, threads, model, warmups, runs, pixels } }) => {
  try {
    const since = performance.now();
    const { loadLiteRt, loadAndCompile, Tensor } = await load();
    // A script that a worker imports cannot tell where it came from.
    Object.assign(self, {
      Module: {
        locateFile: (/** @type {string} */ file) => `${self.origin}${CORE}wasm/${file}`,
        mainScriptUrlOrBlob: `${self.origin}${CORE}wasm/litert_wasm_threaded_internal.js`,
      },
    });
    await loadLiteRt(`${self.origin}${CORE}wasm/`, { threads: threads > 1 });
    const compiled = await loadAndCompile(new URL(model, self.origin).href, {
      accelerator: backend,
      // Half precision would be another network.
      gpuOptions: { precision: 'fp32' },
      cpuOptions: { numThreads: threads },
    });
    let first_ms = 0;
    const times_ms = [];
    let logits;
    let counts;
    for (let index = 0; index < warmups + runs; index += 1) {
      const before = gpuCounts();
      const begun = performance.now();
      const input = new Tensor(pixels, [1, 224, 224, 3]);
      const [output] = await compiled.run([input]);
      const answer = await output.data();
      logits = [...answer];
      first_ms ||= performance.now() - since;
      if (index >= warmups) times_ms.push(performance.now() - begun);
      counts = gpuCountsSince(before);
      input.delete();
      output.delete();
    }
    self.postMessage({ first_ms, times_ms, logits, adapter: '', counts });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
