/**
 * For the Lab: what a picture takes of WebGPU. Imported before the engine, whose libraries then call
 * what stands here in the place of the browser's own methods.
 *
 * The GPU's own time is the sum of its passes, by timestamps at their beginning and end; browsers
 * round them (Chromium to 0.1 ms), and not every GPU has them.
 */

/** @typedef {import('../shared/protocol.js').GpuUse} GpuUse */

/** More passes than this in one picture are not timed. */
const MOST_PASSES = 64;
const BYTES = 16 * MOST_PASSES;
const NS_PER_MS = 1e6;

const host = /** @type {any} */ (globalThis);
const counts = { dispatches: 0, passes: 0, submits: 0 };
/** @type {WeakMap<any, Timer>} */
const timers = new WeakMap();
/** The last one that was asked for: the engine has one device at a time. @type {Timer | null} */
let timer = null;

/** Timestamps of the passes of one picture, on one device. */
class Timer {
  /** @param {any} device */
  constructor(device) {
    this.device = device;
    this.passes = 0;
    this.queries = device.createQuerySet({ type: 'timestamp', count: 2 * MOST_PASSES });
    this.resolved = device.createBuffer({ size: BYTES, usage: host.GPUBufferUsage.QUERY_RESOLVE | host.GPUBufferUsage.COPY_SRC });
    this.read = device.createBuffer({ size: BYTES, usage: host.GPUBufferUsage.MAP_READ | host.GPUBufferUsage.COPY_DST });
  }

  /** Where the next pass writes its times; nowhere when there are too many. */
  next() {
    const first = 2 * this.passes;
    this.passes += 1;
    return this.passes > MOST_PASSES ? {}
      : { timestampWrites: { querySet: this.queries, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 } };
  }

  /** The time of all passes since `start`, after those that were submitted. @returns {Promise<number | null>} */
  async sum_ms() {
    if (this.passes === 0 || this.passes > MOST_PASSES) return null;
    const encoder = this.device.createCommandEncoder();
    encoder.resolveQuerySet(this.queries, 0, 2 * this.passes, this.resolved, 0);
    encoder.copyBufferToBuffer(this.resolved, 0, this.read, 0, BYTES);
    this.device.queue.submit([encoder.finish()]);
    await this.read.mapAsync(host.GPUMapMode.READ);
    const times_ns = new BigUint64Array(this.read.getMappedRange().slice(0));
    this.read.unmap();
    return Array.from({ length: this.passes }, (_, pass) => Number(times_ns[2 * pass + 1] - times_ns[2 * pass]))
      .reduce((sum, ns) => sum + ns, 0) / NS_PER_MS;
  }
}

/** @param {string} type @param {string} method @param {(self: any, call: (...given: any[]) => any, given: any[]) => any} instead */
function replace(type, method, instead) {
  const original = host[type]?.prototype[method];
  if (!original) return;
  host[type].prototype[method] = function (/** @type {any[]} */ ...given) {
    return instead(this, (...changed) => original.apply(this, changed), given);
  };
}

/** @param {keyof typeof counts} name @param {string} type @param {string} method */
const count = (name, type, method) => replace(type, method, (_, call, given) => {
  counts[name] += 1;
  return call(...given);
});

count('dispatches', 'GPUComputePassEncoder', 'dispatchWorkgroups');
count('submits', 'GPUQueue', 'submit');
replace('GPUDevice', 'createCommandEncoder', (device, call, given) => {
  const encoder = call(...given);
  if (device.features.has('timestamp-query')) {
    if (!timer || timer.device !== device) timer = new Timer(device);
    timers.set(encoder, timer);
  }
  return encoder;
});
replace('GPUCommandEncoder', 'beginComputePass', (encoder, call, [how]) => {
  counts.passes += 1;
  return call({ ...how, ...timers.get(encoder)?.next() });
});

/** Begins to watch a picture. */
export function startWatch() {
  Object.assign(counts, { dispatches: 0, passes: 0, submits: 0 });
  if (timer) timer.passes = 0;
}

/** What the picture took since then; null for one that WebGPU has no part in. @returns {Promise<GpuUse | null>} */
export async function endWatch() {
  const used = { ...counts };
  if (used.dispatches === 0) return null;
  return { ...used, gpu_ms: await timer?.sum_ms() ?? null };
}
