/** The engine as it is, for the Lab: it also tells what came over the network, and when it is up. */

import '../shared/blob-only.js';
import './engine.js';

// What a worker loads is known to the worker alone.
new PerformanceObserver((list) => {
  for (const entry of /** @type {PerformanceResourceTiming[]} */ (list.getEntries())) {
    // Of what a service worker gives, it is not told whether that had to be fetched.
    const network_bytes = entry.workerStart > 0 ? undefined : entry.transferSize;
    self.postMessage({ kind: 'fetched', url: entry.name, network_bytes });
  }
}).observe({ type: 'resource', buffered: true });

self.postMessage({ kind: 'up' });
