/** The engine as it is, for the Lab: it also tells what came over the network, and when it is up. */

import './engine.js';

// What a worker loads is known to the worker alone.
new PerformanceObserver((list) => {
  for (const entry of /** @type {PerformanceResourceTiming[]} */ (list.getEntries())) {
    self.postMessage({ kind: 'fetched', url: entry.name, network_bytes: entry.transferSize });
  }
}).observe({ type: 'resource', buffered: true });

self.postMessage({ kind: 'up' });
