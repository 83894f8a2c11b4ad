// TF.js under Node, and a model folder read from disk as js/engine/model.js reads it from the site.

import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

import {unpackWeights} from '../../js/engine/weights.js';

const require = createRequire(import.meta.url);
export const tf = require('@tensorflow/tfjs-core');
const {loadGraphModel} = require('@tensorflow/tfjs-converter');
require('@tensorflow/tfjs-backend-cpu');
const wasm = require('@tensorflow/tfjs-backend-wasm');

wasm.setWasmPaths(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + path.sep);

/** Reads one variant; `load` starts it on the present backend, `outputs` names what it returns. */
export function readModel(folder, variant) {
  const home = path.join(folder, variant);
  const topology = JSON.parse(readFileSync(path.join(home, 'model.json'), 'utf8'));
  const groups = topology.weightsManifest;
  const shards = groups.flatMap((group) => group.paths);
  const bytes = Buffer.concat(shards.map((name) => readFileSync(path.join(home, name))));
  const weights = unpackWeights(
    groups.flatMap((group) => group.weights),
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  );
  return {
    outputs: Object.keys(topology.signature.outputs),
    load: () => loadGraphModel({load: async () => ({...topology, ...weights})}),
  };
}

/** Reads golden.json: each case with its picture as a tensor's values and shape. */
export function readGolden(folder) {
  const {cases} = JSON.parse(readFileSync(path.join(folder, 'golden.json'), 'utf8'));
  return cases.map(({name, height, width, repeat, rgb}) => {
    const drawn = Buffer.from(rgb, 'base64');
    const side = width * repeat;
    const pixels = new Float32Array(height * repeat * side * 3);
    for (let y = 0, at = 0; y < height * repeat; y++) {
      for (let x = 0; x < side; x++) {
        const source = (Math.floor(y / repeat) * width + Math.floor(x / repeat)) * 3;
        for (let channel = 0; channel < 3; channel++) {
          pixels[at++] = (drawn[source + channel] / 255) * 2 - 1;
        }
      }
    }
    return {name, pixels, shape: [1, height * repeat, side, 3]};
  });
}
