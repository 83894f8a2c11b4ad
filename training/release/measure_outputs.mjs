// What the outputs for the page cost: one picture after the other on the WASM backend, with all
// outputs and with the logits and the embedding alone, in turns and in either order, reading back
// included. Prints medians and their ratio as JSON.
//
//   node training/release/measure_outputs.mjs MODEL_FOLDER VARIANT [PAIRS]

import process from 'node:process';

import {readGolden, readModel, tf} from './node_tfjs.mjs';

const [folder, variant, pairs = '200'] = process.argv.slice(2);
if (!folder || !variant) {
  console.error('usage: node training/release/measure_outputs.mjs MODEL_FOLDER VARIANT [PAIRS]');
  process.exit(2);
}
const WARM_UPS = 5;

await tf.setBackend('wasm');
await tf.ready();
const source = readModel(folder, variant);
const model = await source.load();
const golden = readGolden(folder);
const kinds = {all: source.outputs, plain: ['logits', 'embedding']};

async function timeOf(names, {pixels, shape}) {
  const started = performance.now();
  const input = tf.tensor4d(pixels, shape);
  const outputs = model.execute(input, names);
  await Promise.all(outputs.map((output) => output.data()));
  const milliseconds = performance.now() - started;
  tf.dispose([input, ...outputs]);
  return milliseconds;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

const times = {all: [], plain: []};
for (let pair = -WARM_UPS; pair < Number(pairs); pair++) {
  const picture = golden[(pair + WARM_UPS) % golden.length];
  for (const kind of pair % 2 ? ['all', 'plain'] : ['plain', 'all']) {
    const milliseconds = await timeOf(kinds[kind], picture);
    if (pair >= 0) times[kind].push(milliseconds);
  }
}
const differences = times.all.map((all, index) => all - times.plain[index]);
console.log(JSON.stringify({
  pairs: times.all.length,
  all_median_ms: median(times.all),
  plain_median_ms: median(times.plain),
  ratio_of_medians: median(times.all) / median(times.plain),
  median_difference_ms: median(differences),
  ratio_of_fastest: Math.min(...times.all) / Math.min(...times.plain),
}));
