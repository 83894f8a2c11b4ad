// Runs a TF.js graph model on the golden pictures, on the CPU and on the WASM backend, and prints
// as JSON how far the logits are from PyTorch's: what `tolerance_logit` is made of.
//
//   node training/measure_port.mjs models/lentigo-b0-v0 float16

import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import process from 'node:process';

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
const shards = topology.weightsManifest.flatMap((group) => group.paths);
const bytes = Buffer.concat(shards.map((name) => readFileSync(path.join(weightsFolder, name))));
const handler = {
  load: async () => ({
    ...topology,
    weightSpecs: topology.weightsManifest.flatMap((group) => group.weights),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  }),
};

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
    const [logits, embedding] = model.execute(input, ['logits', 'embedding']);
    const values = Array.from(await logits.data());
    const difference = Math.max(...values.map((v, i) => Math.abs(v - example.logits[i])));
    cases.push({
      name: example.name,
      logits: values,
      embedding: embedding.shape,
      difference,
      milliseconds: performance.now() - started,
    });
    tf.dispose([input, logits, embedding]);
  }
  report[backend] = {
    backend: tf.getBackend(),
    leaked: tf.memory().numTensors - before,
    largest: Math.max(...cases.map((c) => c.difference)),
    cases,
  };
  model.dispose();
}
console.log(JSON.stringify(report));
