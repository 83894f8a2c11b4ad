// Runs a TF.js graph model on the golden pictures, on the CPU and on the WASM backend, and prints
// every output of every picture as JSON. `training/export.py` compares them with PyTorch's.
//
//   node training/measure_port.mjs models/lentigo-b0-v0 float16

import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import process from 'node:process';

import {unpackWeights} from '../js/weights.js';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
const {loadGraphModel} = require('@tensorflow/tfjs-converter');
require('@tensorflow/tfjs-backend-cpu');
const wasm = require('@tensorflow/tfjs-backend-wasm');

const [folder, variant] = process.argv.slice(2);
if (!folder || !variant) {
  console.error('usage: node training/measure_port.mjs MODEL_FOLDER VARIANT');
  process.exit(2);
}
wasm.setWasmPaths(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + path.sep);

const weightsFolder = path.join(folder, variant);
const topology = JSON.parse(readFileSync(path.join(weightsFolder, 'model.json'), 'utf8'));
const groups = topology.weightsManifest;
const bytes = Buffer.concat(
  groups.flatMap((group) => group.paths).map((name) => readFileSync(path.join(weightsFolder, name))),
);
const weights = unpackWeights(
  groups.flatMap((group) => group.weights),
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
);
const handler = {load: async () => ({...topology, ...weights})};
const names = Object.keys(topology.signature.outputs);

function pixelsOf({height, width, repeat, rgb}) {
  const drawn = Buffer.from(rgb, 'base64');
  const side = width * repeat;
  const values = new Float32Array(height * repeat * side * 3);
  for (let y = 0, at = 0; y < height * repeat; y++) {
    for (let x = 0; x < side; x++) {
      const source = (Math.floor(y / repeat) * width + Math.floor(x / repeat)) * 3;
      for (let channel = 0; channel < 3; channel++) {
        values[at++] = (drawn[source + channel] / 255) * 2 - 1;
      }
    }
  }
  return tf.tensor4d(values, [1, height * repeat, side, 3]);
}

const golden = JSON.parse(readFileSync(path.join(folder, 'golden.json'), 'utf8'));
const report = {};
for (const backend of ['wasm', 'cpu']) {
  await tf.setBackend(backend);
  await tf.ready();
  const model = await loadGraphModel(handler);
  const before = tf.memory().numTensors;
  const cases = [];
  for (const example of golden.cases) {
    const input = pixelsOf(example);
    const started = performance.now();
    const outputs = model.execute(input, names);
    const milliseconds = performance.now() - started;
    const values = await Promise.all(outputs.map(async (output) => Array.from(await output.data())));
    const byName = Object.fromEntries(names.map((name, index) => [name, values[index]]));
    cases.push({name: example.name, milliseconds, ...byName});
    tf.dispose([input, ...outputs]);
  }
  report[backend] = {leaked: tf.memory().numTensors - before, cases};
  model.dispose();
}
console.log(JSON.stringify(report));
