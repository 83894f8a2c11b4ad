/** One measurement of the Lab: one variant on one backend, in an engine of its own. */

import { BACKENDS, VERSION } from '../shared/protocol.js';
import { agreement, spread } from './figures.js';
import { spawn } from '../shared/spawn.js';
import { words } from '../page/words.js';

/** @typedef {import('../shared/protocol.js').Backend} Backend */
/** @typedef {import('../shared/model-files.js').GoldenCase} GoldenCase */

/** At most so many steady predictions; and no more once they have taken so long together. */
export const STEADY_RUNS = 20;
export const STEADY_BUDGET_MS = 4_000;
// Software graphics take half a minute to compile; longer silence is a driver that hangs.
const SILENCE_LIMIT_MS = 120_000;

/**
 * Milliseconds: `load_ms` from asking for the model until it is compiled; `first_ms` its first
 * answer; `ready_ms` from asking until it has passed its self-test; `latencies_ms` the steady ones,
 * as the engine tells them. `network_bytes` is what the browser says came over the network, with
 * headers: 0 from a cache, null where it does not say or a service worker stands between. `logits` are the answers by picture.
 *
 * @typedef {{backend: Backend, variant: string}} Subject
 * @typedef {Subject & {status: 'measured', adapter: string, download_bytes: number, network_bytes: number | null, load_ms: number, first_ms: number, ready_ms: number, latencies_ms: number[], steady_ms: import('./figures.js').Spread, parity_error: number, logits: number[][], agreement: import('./figures.js').Agreement, gpu: import('../shared/protocol.js').GpuUse | null}} MeasuredRow
 * @typedef {Subject & {status: 'failed' | 'stopped', reason: string}} OtherRow
 * @typedef {MeasuredRow | OtherRow} Row
 * @typedef {{base: URL, sha256: string, manifest: any, golden: GoldenCase[]}} Model
 * @typedef {{at_ms: number, data: any}} Letter
 */

/**
 * What the engine says, letter by letter; fails when it dies, is silent for long, or is stopped.
 * @param {Worker} worker @param {MessagePort} port @param {AbortSignal} signal
 * @returns {ReadableStreamDefaultReader<Letter>}
 */
function mailbox(worker, port, signal) {
  const listening = new AbortController();
  let timer = 0;
  const end = () => {
    clearTimeout(timer);
    listening.abort();
  };
  /** @type {ReadableStream<Letter>} */
  const letters = new ReadableStream({
    start(controller) {
      /** @param {unknown} reason */
      const fail = (reason) => {
        end();
        controller.error(reason);
      };
      const watch = () => {
        clearTimeout(timer);
        timer = setTimeout(fail, SILENCE_LIMIT_MS, new Error(words('lab.reason.silent', { seconds: SILENCE_LIMIT_MS / 1000 })));
      };
      /** @param {MessageEvent} event */
      const deliver = ({ data }) => {
        watch();
        controller.enqueue({ at_ms: performance.now(), data });
      };
      const whileListening = { signal: listening.signal };
      worker.addEventListener('message', deliver, whileListening);
      port.addEventListener('message', deliver, whileListening);
      port.start();
      worker.addEventListener('error', ({ message }) => {
        fail(new Error(message ? words('lab.reason.stopped-with', { message }) : words('lab.reason.not-loaded')));
      }, whileListening);
      signal.addEventListener('abort', () => fail(signal.reason), whileListening);
      watch();
    },
    cancel: end,
  });
  return letters.getReader();
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** Reads on until a letter fits. @template T @param {ReadableStreamDefaultReader<Letter>} mail @param {(letter: Letter) => T | undefined} pick @returns {Promise<T>} */
async function readUntil(mail, pick) {
  while (true) {
    const { value } = await mail.read();
    const picked = value && pick(value);
    if (picked !== undefined) return picked;
  }
}

/** The engine was offered one backend only, so it has one reason. @param {import('../shared/protocol.js').WireError} error */
function reasonOf({ message, fault, values }) {
  if (fault === 'no-backend') return String(values.reasons).replace(/^\w+: /, '');
  return fault ? words(`error.${fault}`, values) : message;
}

/**
 * Loads the model and tells when it was there, compiled, and had answered for the first time.
 * @param {ReadableStreamDefaultReader<Letter>} mail @param {() => void} ask
 * @param {(stage: string, fraction?: number) => void} onStage
 */
async function load(mail, ask, onStage) {
  onStage(words('lab.stage.starting'));
  await readUntil(mail, ({ data }) => data.kind === 'up' || undefined);
  const asked_ms = performance.now();
  ask();
  /** @type {number | null} */
  let compiled_ms = null;
  /** @type {number | null} */
  let answered_ms = null;
  return readUntil(mail, ({ at_ms, data }) => {
    if (data.kind === 'failed') throw new Error(reasonOf(data.error));
    if (data.stage === 'download') onStage(words('lab.stage.loading'), data.loaded_bytes / data.total_bytes);
    if (data.stage === 'compile') onStage(words('lab.stage.compiling'));
    // The engine says so before each picture of its self-test.
    if (compiled_ms !== null && (data.stage === 'check' || data.kind === 'loaded')) answered_ms ??= at_ms;
    if (data.stage === 'check') {
      compiled_ms ??= at_ms;
      onStage(words('lab.stage.checking'));
    }
    if (data.kind !== 'loaded') return undefined;
    if (compiled_ms === null || answered_ms === null) throw new Error(words('lab.reason.not-tested'));
    const { adapter, parity_error } = data;
    const times = { load_ms: compiled_ms - asked_ms, first_ms: answered_ms - compiled_ms, ready_ms: at_ms - asked_ms };
    return { adapter, parity_error, ...times };
  });
}

/**
 * Has each picture judged once, and then on, in turns, within the budget.
 * @param {ReadableStreamDefaultReader<Letter>} mail @param {MessagePort} port @param {Model} model
 * @param {(stage: string, fraction?: number) => void} onStage
 */
async function judge(mail, port, { manifest, golden }, onStage) {
  /** @type {number[]} */
  const latencies_ms = [];
  /** @type {number[][]} */
  const logits = [];
  /** Of the last picture by itself. @type {import('../shared/protocol.js').GpuUse | null} */
  let gpu = null;
  const since = performance.now();
  for (let id = 0; id < STEADY_RUNS; id += 1) {
    if (id >= golden.length && performance.now() - since > STEADY_BUDGET_MS) break;
    onStage(words('lab.stage.measuring'), id / STEADY_RUNS);
    const picture = id % golden.length;
    port.postMessage({ v: VERSION, kind: 'predict', id, pixels: golden[picture].pixels(), shape: manifest.input.shape, wanted: [] });
    const answer = await readUntil(mail, ({ data }) => {
      if (data.kind === 'prediction-failed') throw new Error(reasonOf(data.error));
      return data.kind === 'prediction' ? data : undefined;
    });
    latencies_ms.push(answer.inference_ms);
    logits[picture] = [...answer.logits];
    const used = await readUntil(mail, ({ data }) => (data.kind === 'gpu' ? data : undefined));
    // Now and then the engine judges a golden picture beside the one that is asked about.
    if (used.gpu && !(gpu && gpu.dispatches < used.gpu.dispatches)) gpu = used.gpu;
  }
  return { latencies_ms, logits, gpu };
}

/**
 * Measures one variant on one backend. Rejects with the reason where it cannot.
 * @param {Subject} subject
 * @param {boolean} forced  also what the app would not choose: software graphics, slow graphics
 * @param {Model} model @param {AbortSignal} signal
 * @param {(stage: string, fraction?: number) => void} onStage
 * @returns {Promise<MeasuredRow>}
 */
export async function measure({ backend, variant }, forced, model, signal, onStage) {
  signal.throwIfAborted();
  const { manifest, sha256, base, golden } = model;
  const { worker, forget } = spawn(new URL('../engine/lab-engine.js', import.meta.url));
  const { port1, port2 } = new MessageChannel();
  const mail = mailbox(worker, port2, signal);
  /** @type {Map<string, number | undefined>} */
  const fetched = new Map();
  worker.addEventListener('message', ({ data }) => {
    if (data.kind === 'fetched') fetched.set(data.url, data.network_bytes);
  });
  try {
    const loaded = await load(mail, () => worker.postMessage({
      v: VERSION, kind: 'load', manifest_url: base.href, manifest_sha256: sha256, variant,
      forced: forced ? backend : null,
      // All others: this one is measured or none.
      excluded: BACKENDS.filter((other) => other !== backend),
    }), onStage);
    worker.postMessage({ v: VERSION, kind: 'connect' }, [port1]);
    const { latencies_ms, logits, gpu } = await judge(mail, port2, model, onStage);
    const files = Object.entries(manifest.variants[variant].files);
    const network = files.map(([path]) => fetched.get(new URL(path, base).href) ?? NaN);
    const network_bytes = sum(network);
    return {
      backend, variant, status: 'measured', ...loaded, latencies_ms, logits, gpu,
      download_bytes: sum(files.map(([, { bytes }]) => bytes)),
      network_bytes: Number.isNaN(network_bytes) ? null : network_bytes,
      steady_ms: spread(latencies_ms),
      agreement: agreement(logits, golden.map(({ logits: expected }) => expected), manifest.calibration.temperature),
    };
  } finally {
    worker.terminate();
    // It has failed already where something went wrong; that is told above.
    mail.cancel().catch(() => {});
    port2.close();
    forget();
  }
}

/** Adds the steady latencies of a second measurement. @param {MeasuredRow} row @param {MeasuredRow} again @returns {MeasuredRow} */
export function withRepeat(row, again) {
  const latencies_ms = [...row.latencies_ms, ...again.latencies_ms];
  return { ...row, latencies_ms, steady_ms: spread(latencies_ms) };
}
