// Runs in the page before its own scripts: notes when it is ready, every camera frame that is
// read, and every answer's times.

{
  /** @type {{ready_ms: number | null, frames_ms: number[], answers: {at_ms: number, preprocess_ms: number, inference_ms: number, total_ms: number}[]}} */
  const watched = { ready_ms: null, frames_ms: [], answers: [] };
  Object.assign(globalThis, { watched });

  // The next frame is read once the gauges of the last are on the page.
  const read = CanvasRenderingContext2D.prototype.getImageData;
  CanvasRenderingContext2D.prototype.getImageData = function (...given) {
    watched.frames_ms.push(performance.now());
    return read.apply(this, given);
  };

  let last = '';
  const look = () => {
    const app = document.querySelector('[data-testid=app]');
    if (watched.ready_ms === null && app?.dataset.state === 'ready') watched.ready_ms = performance.now();
    const latency = document.querySelector('[data-testid=latency]');
    if (!latency) return;
    const { preprocessMs, inferenceMs, totalMs } = latency.dataset;
    const now = `${preprocessMs} ${inferenceMs} ${totalMs}`;
    if (now === last) return;
    last = now;
    watched.answers.push({
      at_ms: performance.now(),
      preprocess_ms: Number(preprocessMs),
      inference_ms: Number(inferenceMs),
      total_ms: Number(totalMs),
    });
  };
  // An answer is rendered anew each time, so one of its times tells that it is another.
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ['data-state', 'data-total-ms', 'data-inference-ms', 'data-preprocess-ms'],
  });
}
