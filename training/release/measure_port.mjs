// Runs a TF.js graph model on the golden pictures, on the CPU and on the WASM backend, and prints
// every output of every picture as JSON. `training/release/export.py` compares them with PyTorch's.
//
//   node training/release/measure_port.mjs MODEL_FOLDER VARIANT

import process from 'node:process';

import {readGolden, readModel, tf} from './node_tfjs.mjs';

const [folder, variant] = process.argv.slice(2);
if (!folder || !variant) {
  console.error('usage: node training/release/measure_port.mjs MODEL_FOLDER VARIANT');
  process.exit(2);
}

const source = readModel(folder, variant);
const golden = readGolden(folder);
const report = {};
for (const backend of ['wasm', 'cpu']) {
  await tf.setBackend(backend);
  await tf.ready();
  const model = await source.load();
  const before = tf.memory().numTensors;
  const cases = [];
  for (const {name, pixels, shape} of golden) {
    const input = tf.tensor4d(pixels, shape);
    const outputs = model.execute(input, source.outputs);
    const values = await Promise.all(outputs.map(async (output) => Array.from(await output.data())));
    const byName = source.outputs.map((output, index) => [output, values[index]]);
    cases.push({name, ...Object.fromEntries(byName)});
    tf.dispose([input, ...outputs]);
  }
  report[backend] = {leaked: tf.memory().numTensors - before, cases};
  model.dispose();
}
console.log(JSON.stringify(report));
