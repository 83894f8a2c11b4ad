/** Opens a WebGPU device for TF.js, which would wait for one without an end and change its backend late. */

import * as tf from '../../vendor/tfjs/tfjs.js';

/** What TF.js asks for beyond what every device has. */
const LIMITS = [
  'maxBufferSize', 'maxComputeInvocationsPerWorkgroup', 'maxComputeWorkgroupSizeX', 'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension', 'maxStorageBufferBindingSize',
];
const FEATURES = ['timestamp-query', 'bgra8unorm-storage'];

/**
 * Makes it TF.js's WebGPU backend, not yet its present one.
 * @param {AbortSignal} signal  nobody waits any more
 * @param {(name: string) => void} accept  throws for an adapter that is not wanted, before it costs a device
 * @returns {Promise<string>} the adapter's name; rejects where there is none
 */
export async function openWebGpu(signal, accept) {
  const adapter = await /** @type {any} */ (navigator).gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('no WebGPU adapter');
  const { vendor, architecture, device: model, description, isFallbackAdapter } = adapter.info;
  const plain = [vendor, architecture, model, description].filter(Boolean).join(' ');
  const name = isFallbackAdapter ? `${plain} (software)` : plain;
  accept(name);
  const [device, { WebGPUBackend }] = await Promise.all([
    adapter.requestDevice({
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
    }),
    import('../../vendor/tfjs/webgpu.js'),
  ]);
  if (signal.aborted) device.destroy();
  signal.throwIfAborted();
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info));
  return name;
}
