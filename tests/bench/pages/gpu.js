// Where the time of one picture goes on this GPU: each dispatch by itself, and the whole with other tiles.

import * as tf from '/vendor/tfjs/tfjs.js';
import '/vendor/tfjs/webgpu.js';
import { predictWith, EVERYTHING } from '/js/engine/graph.js';
import { fuseModel } from '/js/engine/kernels/fused-model.js';
import { WEBGPU } from '/js/engine/kernels/fusion.js';
import { BUDGET, installKernels } from '/js/engine/kernels/webgpu/kernels.js';
import { fetchModel } from '/js/engine/model.js';
import { openWebGpu } from '/js/engine/webgpu.js';

/** @typedef {import('/js/engine/kernels/webgpu/wgsl.js').Budget} Budget */

/** One batch of a dispatch takes at least so long, so that the clock's steps are small beside it. */
const BATCH_MS = 20;
const BATCHES = 5;

/** What one picture dispatches, in order. @type {{label: string, pipeline: any, group: any, workgroups: number[]}[] | null} */
let recorded = null;
{
  const pass = /** @type {any} */ (globalThis).GPUComputePassEncoder.prototype;
  const { setPipeline, setBindGroup, dispatchWorkgroups } = pass;
  /** @type {{pipeline: any, group: any}} */
  const now = { pipeline: null, group: null };
  pass.setPipeline = function (/** @type {any} */ pipeline) {
    now.pipeline = pipeline;
    setPipeline.call(this, pipeline);
  };
  pass.setBindGroup = function (/** @type {any[]} */ ...given) {
    [, now.group] = given;
    setBindGroup.apply(this, given);
  };
  pass.dispatchWorkgroups = function (/** @type {number[]} */ ...workgroups) {
    recorded?.push({ label: now.pipeline.label, ...now, workgroups });
    dispatchWorkgroups.apply(this, workgroups);
  };
}

/** @param {number[]} values @param {number} share */
const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

/** @param {any} device @param {() => void} record */
async function submitted(device, record) {
  const since = performance.now();
  record();
  await device.queue.onSubmittedWorkDone();
  return performance.now() - since;
}

/** Milliseconds that one dispatch takes, the fastest of some batches. @param {any} device @param {NonNullable<typeof recorded>[number]} dispatch */
async function timed(device, { pipeline, group, workgroups }) {
  const batch = (/** @type {number} */ count) => submitted(device, () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let index = 0; index < count; index += 1) pass.dispatchWorkgroups(...workgroups);
    pass.end();
    device.queue.submit([encoder.finish()]);
  });
  let count = 1;
  while (await batch(count) < BATCH_MS && count < 4096) count *= 2;
  const times = [];
  for (let index = 0; index < BATCHES; index += 1) times.push(await batch(count) / count);
  return Math.min(...times);
}

/** Starts the model with these tiles; its pictures' milliseconds. @param {any} source @param {Budget} budget @param {number} runs */
async function pictures(source, budget, runs) {
  installKernels(tf, budget);
  const model = await tf.loadGraphModel({ load: async () => fuseModel(tf, await source.handler.load(), WEBGPU) });
  const shown = source.golden[0].pixels();
  const judge = () => predictWith(model, source, shown, source.shape, EVERYTHING);
  const begun = performance.now();
  await judge();
  const first_ms = performance.now() - begun;
  const times_ms = [];
  for (let index = 0; index < runs; index += 1) {
    const since = performance.now();
    await judge();
    times_ms.push(performance.now() - since);
  }
  const { logits } = await judge();
  const apart = Math.max(...source.golden[0].logits.map((/** @type {number} */ value, /** @type {number} */ at) => Math.abs(value - logits[at])));
  return { model, judge, first_ms, times_ms, apart };
}

/** @param {{manifest: string, runs: number, tiles: Partial<Budget>[]}} order */
async function measure({ manifest, runs, tiles }) {
  const source = await fetchModel(new URL(manifest, location.href).href, '', 'float16', () => {});
  const adapter = await openWebGpu(new AbortController().signal, () => {});
  await tf.setBackend('webgpu');
  const { device } = /** @type {any} */ (tf.backend());
  const software = adapter.includes('software');
  const usual = software ? BUDGET.software : BUDGET.hardware;
  const { model, judge, ...whole } = await pictures(source, usual, runs);
  recorded = [];
  await judge();
  const dispatches = recorded;
  recorded = null;
  const empty_ms = await submitted(device, () => device.queue.submit([]));
  const kernels = [];
  for (const dispatch of dispatches) {
    kernels.push({ label: dispatch.label, workgroups: dispatch.workgroups[0], ms: await timed(device, dispatch) });
  }
  model.dispose();
  const others = [];
  for (const tile of tiles) {
    const budget = { ...usual, ...tile };
    const { model: other, judge: _, times_ms, ...rest } = await pictures(source, budget, Math.min(runs, 20));
    other.dispose();
    others.push({ budget, ...rest, median_ms: percentile(times_ms, 0.5) });
  }
  const { times_ms, first_ms, apart } = whole;
  return {
    adapter, features: [...device.features], budget: usual, first_ms, apart, empty_ms,
    picture_ms: { p10: percentile(times_ms, 0.1), p50: percentile(times_ms, 0.5), p90: percentile(times_ms, 0.9), p99: percentile(times_ms, 0.99) },
    kernels, tiles: others,
  };
}

Object.assign(globalThis, { measure });
