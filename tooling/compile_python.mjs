// Compiles the Python in archives, and leaves away what the site never uses; run by
// compiled_python.py:
//
//     node tooling/compile_python.mjs PYODIDE_FOLDER PLAN
//
// PLAN is JSON: [{"from": path, "to": path, "without": [patterns of paths in the archive]}]. It
// runs in the very Pyodide that will load the result: bytecode is of one version of Python, and
// the same zlib gives the same bytes on every machine.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const [folder, plan] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(folder, 'pyodide.mjs')).href);
const pyodide = await loadPyodide({ indexURL: folder + path.sep, env: { PYTHONHASHSEED: '0' } });
pyodide.runPython(readFileSync(new URL('compile_python.py', import.meta.url), 'utf8'));
const rewritten = pyodide.globals.get('rewritten');
for (const { from, to, without } of JSON.parse(plan)) {
  const archive = pyodide.toPy(new Uint8Array(readFileSync(from)));
  const patterns = pyodide.toPy(without);
  const result = rewritten(archive, patterns);
  writeFileSync(to, result.toJs());
  [archive, patterns, result].forEach((proxy) => proxy.destroy());
}
