/**
 * Every time limit of the start and of a run that the page counts; docs/architecture.md says what
 * is awaited and what the visitor is told. Where a limit is reset by progress, it is a limit of
 * silence, so that a slow link is no fault.
 */

/** PyScript, Pyodide, its packages, our modules: silence between two files. A file of 3.4 MB takes so long at 30 kB/s. */
export const PYTHON_SILENCE_MS = 120_000;
/** PyScript says “ready” also when main.py has failed; the application then never says a word. */
export const FIRST_WORD_MS = 5_000;
/** After this silence of a download the page says that it is still waiting. */
export const SLOW_MS = 12_000;
/** The engine's program, the model's files, the self-test on a processor: silence. */
export const ENGINE_SILENCE_MS = 60_000;
/** Graphics processors that start, all together: then the processor answers. Unless the visitor forces one. */
export const GPU_START_MS = 3_000;
/** A GPU whose start blocks the engine's thread, so that it cannot give up itself. */
export const GPU_SILENCE_MS = 5_000;
/** One prediction. TF.js's CPU backend takes two seconds here, WebGPU on a software adapter six. */
export const PREDICTION_MS = 30_000;
/** A file for Python to decode, check and crop: 49 megapixels take seconds here, many on a phone. */
export const DECODE_MS = 120_000;
/** Whatever else Python is asked for; none of it takes a second here. */
export const JOB_MS = 30_000;
/** After so long with nothing on the screen a Python whose memory has grown large is made anew. */
export const REST_MS = 3_000;
/** What is large: WebAssembly's memory can only grow. A photo of 12 megapixels, as phones take it, leaves 100 MB at most. */
export const LARGE_HEAP_BYTES = 128_000_000;
/** The vault with whatever it is asked for: silence between two steps. A phone takes seconds to turn a phrase into a key. */
export const VAULT_SILENCE_MS = 60_000;
/** A vault with a passcode locks itself after so long without use, by the clock. */
export const VAULT_LOCKS_MS = 5 * 60_000;
/** Where there are no Web Locks: how often a worker shows that it lives … */
export const BEAT_MS = 5_000;
/** … and the silence that tells that it does not: longer than any job may take. */
export const NO_BEAT_MS = 150_000;
