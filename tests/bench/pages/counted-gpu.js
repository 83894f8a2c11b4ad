// Counts what a runtime asks of WebGPU in its worker: runs before the runtime itself, in either kind of worker.

{
  const counts = { dispatches: 0, passes: 0, submits: 0, pipelines: 0, bytes: 0 };
  let bytes = 0;
  const gpu = /** @type {any} */ (globalThis);

  /** @param {string} type @param {string} method @param {(result: any, self: any) => void} note */
  const watch = (type, method, note) => {
    const original = gpu[type]?.prototype[method];
    if (!original) return;
    gpu[type].prototype[method] = function (/** @type {any[]} */ ...given) {
      const result = original.apply(this, given);
      note(result, this);
      return result;
    };
  };

  for (const [count, type, ...methods] of /** @type {[keyof typeof counts, string, ...string[]][]} */ ([
    ['dispatches', 'GPUComputePassEncoder', 'dispatchWorkgroups', 'dispatchWorkgroupsIndirect'],
    ['passes', 'GPUCommandEncoder', 'beginComputePass'],
    ['submits', 'GPUQueue', 'submit'],
    ['pipelines', 'GPUDevice', 'createComputePipeline', 'createComputePipelineAsync'],
  ])) {
    for (const method of methods) watch(type, method, () => { counts[count] += 1; });
  }

  const alive = new WeakSet();
  watch('GPUDevice', 'createBuffer', (buffer) => {
    alive.add(buffer);
    bytes += buffer.size;
    counts.bytes = Math.max(counts.bytes, bytes);
  });
  watch('GPUBuffer', 'destroy', (_, buffer) => {
    if (alive.delete(buffer)) bytes -= buffer.size;
  });

  /** All that has been counted; `bytes` of buffers are the most that there ever were at one time. */
  gpu.gpuCounts = () => ({ ...counts });
  /**
   * What one picture took, from the counts before it; pipelines and bytes are those of the whole run.
   * @param {typeof counts} before
   */
  gpu.gpuCountsSince = ({ dispatches, passes, submits }) => ({
    ...counts,
    dispatches: counts.dispatches - dispatches,
    passes: counts.passes - passes,
    submits: counts.submits - submits,
  });
}
