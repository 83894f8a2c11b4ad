// Builds the TensorFlow.js bundle: node tooling/tfjs_bundle.js OUTFILE (run by tfjs_bundle.py).

import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

/** @param {string} name a file beside this one */
const beside = (name) => fileURLToPath(new URL(name, import.meta.url));

const wrapper = beside('tfjs_threads.js');

/** Puts our wrapper in the place of the threaded factory, except in the wrapper itself. */
const threads = {
  name: 'threads',
  /** @param {import('esbuild').PluginBuild} hooks */
  setup(hooks) {
    hooks.onResolve({ filter: /\/tfjs-backend-wasm-threaded-simd\.js$/ }, ({ importer }) =>
      importer === wrapper ? undefined : { path: wrapper },
    );
  },
};

await build({
  entryPoints: [beside('tfjs_entry.js')],
  outfile: process.argv[2],
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  legalComments: 'external',
  logLevel: 'warning',
  plugins: [threads],
});
