/**
 * The engine as it is, for the Lab: it also tells what came over the network, when it is up, and after
 * each picture what that took of WebGPU.
 */

import '../shared/blob-only.js';
import { endWatch, startWatch } from './gpu-watch.js';
import './engine.js';

// What a worker loads is known to the worker alone.
new PerformanceObserver((list) => {
  for (const entry of /** @type {PerformanceResourceTiming[]} */ (list.getEntries())) {
    // Of what a service worker gives, it is not told whether that had to be fetched.
    const network_bytes = entry.workerStart > 0 ? undefined : entry.transferSize;
    self.postMessage({ kind: 'fetched', url: entry.name, network_bytes });
  }
}).observe({ type: 'resource', buffered: true });

const { postMessage } = self;
self.postMessage = (/** @type {any} */ message, /** @type {any} */ options) => {
  postMessage.call(self, message, options);
  if (message.kind === 'working') startWatch();
  // A device that is lost has no times to tell.
  if (message.kind === 'idle') endWatch().catch(() => null).then((gpu) => self.postMessage({ kind: 'gpu', gpu }));
};

self.postMessage({ kind: 'up' });
