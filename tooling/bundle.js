// Builds a bundle of npm packages: node tooling/bundle.js NAME OUTFILE (run by bundle.py).

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

/** @param {string} name a file beside this one */
const beside = (name) => fileURLToPath(new URL(name, import.meta.url));

const wrapper = beside('tfjs_threads.js');

/** Puts our wrapper in the place of the threaded factory, and leaves that without threads. */
const threads = {
  name: 'threads',
  /** @param {import('esbuild').PluginBuild} hooks */
  setup(hooks) {
    hooks.onResolve({ filter: /\/tfjs-backend-wasm-threaded-simd\.js$/ }, ({ importer }) =>
      importer === wrapper ? undefined : { path: wrapper },
    );
    // It starts eight workers, which would wait for work that never comes, and waits for the last.
    hooks.onLoad({ filter: /\/tfjs-backend-wasm-threaded-simd\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, 'utf8');
      for (const [found, put] of [
        ['pthreadPoolSize=8', 'pthreadPoolSize=0'],
        ['PThread.unusedWorkers.forEach(', 'removeRunDependency("wasm-instantiate");[].forEach('],
      ]) {
        if (contents.split(found).length !== 2) throw new Error(`no longer once in it: ${found}`);
        contents = contents.replace(found, put);
      }
      return { contents };
    });
  },
};

/** Has a backend take TensorFlow.js from the bundle beside its own, where all of it is exported. */
const besideCore = {
  name: 'beside core',
  /** @param {import('esbuild').PluginBuild} hooks */
  setup(hooks) {
    hooks.onResolve({ filter: /^@tensorflow\/tfjs-core$/ }, () => ({ path: './tfjs.js', external: true }));
  },
};

// As js/shared/blob-only.js for our own: started from a URL, it would be a worker without a policy.
const blobOnly = {
  js: "if (globalThis.DedicatedWorkerGlobalScope && location.protocol !== 'blob:') { close(); throw new Error('This worker is started from a blob.'); }",
};

/** @param {string} contents @returns {import('esbuild').BuildOptions} */
const backend = (contents) => ({ stdin: { contents, resolveDir: process.cwd() }, plugins: [besideCore], banner: blobOnly });

/** @type {Record<string, import('esbuild').BuildOptions>} */
const BUNDLES = {
  tfjs: { entryPoints: [beside('tfjs_entry.js')], plugins: [threads], banner: blobOnly },
  webgpu: backend("export { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';"),
  webgl: backend("import '@tensorflow/tfjs-backend-webgl';"),
  cpu: backend("import '@tensorflow/tfjs-backend-cpu';"),
  jspdf: {
    stdin: { contents: "export { jsPDF } from 'jspdf';", resolveDir: process.cwd() },
    // jsPDF imports these when a page or a drawing shall become a PDF, which the report does not ask.
    external: ['canvg', 'dompurify', 'html2canvas'],
  },
  backup: { entryPoints: [beside('backup_entry.js')], banner: blobOnly },
  idb: { stdin: { contents: "export { deleteDB, openDB } from 'idb';", resolveDir: process.cwd() }, banner: blobOnly },
};

const [name, outfile] = process.argv.slice(2);
await build({
  ...BUNDLES[name],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  legalComments: 'external',
  logLevel: 'warning',
});
