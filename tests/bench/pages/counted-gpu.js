// Counts what a runtime asks of WebGPU in its worker: imported before the runtime itself.

const counts = { dispatches: 0, passes: 0, submits: 0, pipelines: 0, bytes: 0, most_bytes: 0 };
/** What is counted for one picture. @type {('dispatches' | 'passes' | 'submits')[]} */
const EACH = ['dispatches', 'passes', 'submits'];

/** @param {any} type @param {string} method @param {(result: any, self: any) => void} note */
function watch(type, method, note) {
  const original = type?.prototype[method];
  if (!original) return;
  type.prototype[method] = function (/** @type {any[]} */ ...given) {
    const result = original.apply(this, given);
    note(result, this);
    return result;
  };
}

const gpu = /** @type {any} */ (globalThis);
watch(gpu.GPUComputePassEncoder, 'dispatchWorkgroups', () => { counts.dispatches += 1; });
watch(gpu.GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', () => { counts.dispatches += 1; });
watch(gpu.GPUCommandEncoder, 'beginComputePass', () => { counts.passes += 1; });
watch(gpu.GPUQueue, 'submit', () => { counts.submits += 1; });
watch(gpu.GPUDevice, 'createComputePipeline', () => { counts.pipelines += 1; });
watch(gpu.GPUDevice, 'createComputePipelineAsync', () => { counts.pipelines += 1; });
const alive = new WeakSet();
watch(gpu.GPUDevice, 'createBuffer', (buffer) => {
  alive.add(buffer);
  counts.bytes += buffer.size;
  counts.most_bytes = Math.max(counts.most_bytes, counts.bytes);
});
watch(gpu.GPUBuffer, 'destroy', (_, buffer) => {
  if (alive.delete(buffer)) counts.bytes -= buffer.size;
});

Object.assign(globalThis, {
  /** What has been counted so far: `bytes` of buffers that are there, `most_bytes` that ever were. */
  gpuCounts: () => ({ ...counts }),
  /** What one picture took, from the counts before and after it. @param {typeof counts} before */
  gpuCountsSince: (before) => Object.fromEntries(EACH.map((name) => [name, counts[name] - before[name]])),
});
