// Runs one runtime in a worker of its own: load, warm up, then so many pictures one by one.

/**
 * @typedef {{runtime: string, backend: string, threads: number, model: string, warmups: number, runs: number}} Order
 * @typedef {{dispatches: number, passes: number, submits: number, pipelines: number, bytes: number}} Counts  of WebGPU, by one picture
 * @typedef {{first_ms: number, times_ms: number[], logits: number[], adapter: string, counts: Counts}} Outcome  `first_ms`: from nothing to the first answer
 */

import { VERSION as v } from '/js/shared/protocol.js';
import { spawn } from '/js/shared/spawn.js';

const PICTURE = '/scratch/picture.bin';

async function picture() {
  return new Float32Array(await (await fetch(PICTURE)).arrayBuffer());
}

/** Lentigo's own engine, by its own protocol. @param {Order} order @returns {Promise<Outcome>} */
async function lentigo({ backend, model, warmups, runs }) {
  const since = performance.now();
  const { worker } = spawn(new URL('counted-engine.js', location.href));
  const { port1: port, port2 } = new MessageChannel();
  const loaded = new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => {
      if (data.kind === 'loaded') resolve(data);
      if (data.kind === 'failed') reject(new Error(data.error.message));
    };
  });
  worker.postMessage({
    // The weights of which the other runtimes' files are made.
    v, kind: 'load', manifest_url: new URL(model, location.href).href, manifest_sha256: '', variant: 'float16',
    forced: backend, excluded: [],
  });
  worker.postMessage({ v, kind: 'connect' }, [port2]);
  try {
    const report = await loaded;
    if (report.backend !== backend) throw new Error(`ran on ${report.backend}`);
    const pixels = await picture();
    let first_ms = 0;
    const times_ms = [];
    let counts;
    let logits;
    for (let id = 0; id < warmups + runs; id += 1) {
      const counted = new Promise((resolve) => {
        worker.onmessage = ({ data }) => { if (data.kind === 'counted') resolve(data.counts); };
      });
      const answer = await new Promise((resolve, reject) => {
        port.onmessage = ({ data }) => {
          if (data.kind === 'prediction') resolve(data);
          if (data.kind === 'prediction-failed') reject(new Error(data.error.message));
        };
        port.postMessage({ v, kind: 'predict', id, pixels, shape: [1, 224, 224, 3], wanted: [] });
      });
      if (answer.backend !== backend) throw new Error(`fell back to ${answer.backend}`);
      first_ms ||= performance.now() - since;
      if (id >= warmups) times_ms.push(answer.inference_ms);
      logits = [...answer.logits];
      counts = await counted;
    }
    return { first_ms, times_ms, logits, adapter: report.adapter, counts };
  } finally {
    worker.terminate();
  }
}

/** @param {string} script @param {WorkerOptions} options @param {Order} order @returns {Promise<Outcome>} */
async function peer(script, options, order) {
  const worker = new Worker(script, options);
  try {
    return await new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
      picture().then((pixels) => worker.postMessage({ ...order, pixels }), reject);
    });
  } finally {
    worker.terminate();
  }
}

/** @param {Order} order */
async function run(order) {
  if (order.threads > 1 && !crossOriginIsolated) throw new Error('threads need isolation');
  if (order.runtime === 'lentigo') return lentigo(order);
  if (order.runtime === 'onnx') return peer('onnx.js', { type: 'module' }, order);
  // LiteRT.js loads its WebAssembly by importScripts, which only a classic worker has.
  return peer('litert.js', { type: 'classic' }, order);
}

/** Lentigo's engine from its first try of a backend until one has proved itself. @param {{model: string, backend: string | null}} order */
async function start({ model, backend }) {
  const { worker } = spawn(new URL('/js/engine/engine.js', location.href));
  let since = 0;
  try {
    const report = await new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => {
        if (data.kind === 'progress' && data.stage === 'start') since ||= performance.now();
        if (data.kind === 'loaded') resolve(data);
        if (data.kind === 'failed') reject(new Error(data.error.message));
      };
      worker.postMessage({
        v, kind: 'load', manifest_url: new URL(model, location.href).href, manifest_sha256: '', variant: null,
        forced: backend, excluded: [],
      });
    });
    return { start_ms: performance.now() - since, backend: report.backend, skipped: report.skipped };
  } finally {
    worker.terminate();
  }
}

Object.assign(globalThis, { run, start });
