// Writes `x.br` beside each file `x` that it makes smaller than its `x.gz`; run by compressed.py:
//
//     node tooling/brotli.mjs FILES
//
// FILES is JSON: a list of paths. The same file gives the same bytes with the same Node.js.

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const compress = promisify(brotliCompress);

await Promise.all(JSON.parse(process.argv[2]).map(async (path) => {
  const content = readFileSync(path);
  const smaller = await compress(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  const before = existsSync(`${path}.gz`) ? statSync(`${path}.gz`).size : content.length;
  if (smaller.length < before) writeFileSync(`${path}.br`, smaller);
}));
