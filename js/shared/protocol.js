/**
 * The contract between the three threads: read this first.
 *
 * Every message is `{v, kind, …}`; an answer carries the `id` of what it answers. Buffers are
 * transferred. Python's side of the same contract is `py/app/ports.py` and `py/app/bridge/`.
 *
 *   host   -> Python   HostMessage       a port that the host hands to both
 *   Python -> host     PythonMessage     the same port
 *   Python's worker -> host  WorkerReport  the worker's own channel: what it can tell without Python
 *   host   -> engine   EngineCommand     the engine worker's own channel
 *   engine -> host, Python   EngineReport
 *   Python -> engine   PredictRequest    a port that the host hands to both
 *   engine -> Python   PredictReply      the same port
 */

import { Fault } from './fault.js';

/** Both sides refuse a message of another version. */
export const VERSION = 8;
/** @typedef {typeof VERSION} Version */

/** @typedef {'webgpu' | 'webgl' | 'wasm' | 'cpu'} Backend */

/** The order in which backends are tried. @type {readonly Backend[]} */
export const BACKENDS = ['webgpu', 'wasm', 'webgl', 'cpu'];

/** More than any camera writes; a larger file is named to Python, but not read. */
export const MAXIMUM_FILE_BYTES = 128 * 1024 * 1024;

/**
 * `fault` and `values` are those of a `Fault`; empty of an error that the page has no words for.
 *
 * @typedef {{name: string, message: string, detail: string, fault: string, values: Record<string, string | number>}} WireError
 */

/** The screens; `data-route` names the present one. @typedef {'screening' | 'facts' | 'tables' | 'spots' | 'spot' | 'compare' | 'map' | 'settings'} Route */

/**
 * What a button or a link of the page can ask for (`data-action`), with what its other `data-*`
 * attributes say. These are Python's business: the host passes them on as they are …
 *
 * @typedef {{
 *   'reset-refused': {},
 *   'open-photo': {photo: string},
 *   'modality-chosen': {modality: string, photo: string},
 *   'activation-toggled': {photo: string},
 *   'forget-answers': {photo?: string},
 *   'save-asked': {photo: string}, 'save-dropped': {},
 *   'person-chosen': {person: string}, 'person-removed': {person: string, confirmed?: string},
 *   'spot-deleted': {spot: string, confirmed?: string}, 'deletion-refused': {},
 *   'photo-deleted': {capture: string, confirmed?: string},
 *   'compare-with': {capture: string}, 'shape-asked': {capture: string},
 *   'coin-refused': {}, 'size-removed': {capture: string},
 *   'restore-confirmed': {},
 *   'overview-opened': {spot: string}, 'overview-dropped': {},
 *   'overview-deleted': {spot: string, confirmed?: string},
 * }} PassedActions
 *
 * … and these the host's own, which may tell Python of an act in the end.
 *
 * @typedef {{
 *   'start-camera': {}, 'switch-camera': {}, 'stop-camera': {}, 'capture': {},
 *   'toggle-torch': {}, 'toggle-auto': {}, 'toggle-voice': {}, 'toggle-scores': {},
 *   'retake': {photo: string, source: string},
 *   'add-photo': {photo: string, source: string},
 *   'show-answer': {},
 *   'report': {photo?: string}, 'remind': {photo?: string}, 'save-photo': {photo: string},
 *   'reset': {confirmed?: string}, 'next-person': {confirmed?: string},
 *   'reload': {},
 *   'save-confirmed': {photo: string}, 'person-added': {}, 'person-renamed': {person: string}, 'spot-described': {spot: string},
 *   'care-given': {spot: string, care: string}, 'spot-remind': {spot: string}, 'spot-report': {spot: string}, 'repeat': {spot: string},
 *   'change-answered': {capture: string}, 'place-tapped': {view: string},
 *   'coin-confirmed': {capture: string},
 *   'overview-marked': {spot: string}, 'mark-tapped': {},
 *   'toggle-pictures': {}, 'toggle-blink': {},
 *   'unlock': {}, 'lock': {}, 'set-passcode': {}, 'remove-passcode': {}, 'backup': {}, 'inspect-backup': {},
 *   'ask-delete-all': {}, 'delete-all': {}, 'keep-all': {},
 * }} HostActions
 *
 * @typedef {PassedActions & HostActions} Actions
 */

/**
 * Where a new photo goes: in the place of one of the same spot, or beside it.
 * @typedef {{replaces: number | null, joins: number | null}} Place
 */

/** @type {Readonly<Place>} */
export const ANOTHER_SPOT = { replaces: null, joins: null };

/**
 * When the visitor acted, on their own clock, which is so far ahead of UTC.
 * @typedef {{since_epoch_ms: number, ahead_of_utc_min: number}} Moment
 */

/** What was filled in, by the names of the fields. @typedef {Record<string, string>} Fields */

/** A record that is kept (docs/decisions/0031), as JSON; Python's own. @typedef {{key: string, json: string, revision: number}} StoredRecord */

/**
 * What Python is told that happened, by its name: what the visitor did, and what the device did.
 * `answers` are all fields of the form as they stand; `automatic` says whether the photo is taken once
 * all is well.
 *
 * @typedef {PassedActions & {
 *   'reset': {confirmed?: string}, 'next-person': {confirmed?: string},
 *   'answers': {photo?: string, answers: Record<string, boolean | string>},
 *   'report': {photo?: string, at: Moment}, 'remind': {photo?: string, at: Moment},
 *   'navigated': {route: Route, spot: string | null},
 *   'save-confirmed': {photo: string, fields: Fields, ids: string[], at: Moment},
 *   'person-added': {fields: Fields, ids: string[], at: Moment},
 *   'person-renamed': {person: string, fields: Fields},
 *   'spot-described': {spot: string, fields: Fields},
 *   'care-given': {spot: string, care: string, fields: Fields, at: Moment},
 *   'spot-remind': {spot: string, at: Moment}, 'spot-report': {spot: string, at: Moment}, 'repeat': {spot: string},
 *   'change-answered': {capture: string, fields: Fields},
 *   'coin-chosen': {capture: string, fields: Fields, photo: {id: number, name: string}, started_ms: number},
 *   'coin-confirmed': {capture: string, fields: Fields, at: Moment},
 *   'place-tapped': {view: string, x: number, y: number},
 *   'overview-chosen': {spot: string, photo: {id: number, name: string}, started_ms: number},
 *   'overview-marked': {spot: string, fields: Fields, ids: string[]},
 *   'backup-made': {at: Moment}, 'backup-opened': {records: StoredRecord[], pictures: number},
 *   'nothing-chosen': WireError,
 *   'camera-started': Place & {automatic: boolean},
 *   'automatic-set': {automatic: boolean},
 *   'camera-stopped': {}, 'camera-stalled': {},
 *   'camera-failed': WireError,
 *   'engine-failed': WireError,
 * }} Acts
 */

/**
 * `intent` counts what the visitor did (a file, the camera, the shutter, an answer, start again); a
 * patch says which act it has seen, so that a late patch cannot undo a newer state. `started_ms` is
 * `performance.timeOrigin + performance.now()` when the visitor acted.
 *
 * Photos are only named when they are chosen, in the same task; their bytes or pixels follow when
 * Python asks for them (`read`).
 * `bytes` is empty when `size` is over what a page should hold in memory (`MAXIMUM_FILE_BYTES`).
 * `resume` tells a Python that takes the place of a dead one what that one has sent as `memento`.
 *
 * @typedef {{[A in keyof Acts]: {v: Version, kind: 'event', intent: number, action: A, payload: Acts[A]}}[keyof Acts]} EventMessage
 * @typedef {{v: Version, kind: 'photos', intent: number, source: 'photo' | 'capture', photos: {id: number, name: string}[], started_ms: number} & Place} PhotosMessage
 * @typedef {{v: Version, kind: 'file', id: number, intent: number, size: number, bytes: Uint8Array}} FileMessage
 * @typedef {{v: Version, kind: 'frame', id: number, intent: number, purpose: 'live' | 'photo', rgba: Uint8ClampedArray, width: number, height: number, started_ms: number}} FrameMessage
 * @typedef {{v: Version, kind: 'unreadable', id: number, intent: number, error: WireError}} UnreadableMessage
 * @typedef {{v: Version, kind: 'resume', intent: number, memento: string}} ResumeMessage
 * @typedef {EventMessage | PhotosMessage | FileMessage | FrameMessage | UnreadableMessage | ResumeMessage | StoreMessage} HostMessage
 * @typedef {{v: Version, kind: 'ping', id: number}} PingMessage  follows each; answered once all before it is done
 */

/**
 * What the store tells (`js/page/spots.js`). `fault` of a request that was not done: nothing of it was;
 * its `id` is null if the store cannot be opened at all.
 *
 * @typedef {'conflict' | 'full' | 'locked' | 'missing' | 'unavailable'} StoreFault
 * @typedef {{v: Version, intent: 0, kind: 'store-read', state: 'empty' | 'open' | 'locked', passcode: boolean, persisted: boolean | null, records: StoredRecord[], at: Moment}} StoreReadMessage
 * @typedef {{v: Version, intent: 0, kind: 'store-written', id: number, revisions: Record<string, number>, persisted: boolean | null}} StoreWrittenMessage
 * @typedef {{v: Version, intent: 0, kind: 'store-failed', id: number | null, fault: StoreFault}} StoreFailedMessage
 * @typedef {{v: Version, intent: 0, kind: 'store-pictures', id: number, pictures: {key: string, bytes: Uint8Array}[]}} StorePicturesMessage
 * @typedef {StoreReadMessage | StoreWrittenMessage | StoreFailedMessage | StorePicturesMessage} StoreMessage
 */

/** @typedef {'booting' | 'ready' | 'live' | 'analysing' | 'result' | 'rejected' | 'error'} AppState */

/**
 * A report, as py/app/keep/document.py describes it; `jpeg` of a figure is empty if there is none, or if the
 * picture is one that is kept, by its `key`. A ring is drawn at `mark`, (x, y) in 0..1 of it.
 *
 * @typedef {{title: string, paragraphs: string[]}} Section
 * @typedef {{caption: string, jpeg: Uint8Array, key: string, mark: [number, number] | null | undefined}} Figure
 * @typedef {{file_name: string, language: string, title: string, made: string, lead: string, person: string, figures: Figure[], advice: Section, why: Section, sections: Section[], note: string, foot: string}} Report
 */

/**
 * `frame` names the frame that this patch answers: the host then sends the next one. `announce` is
 * for the ear, `cue` for the hand; either may be empty. `memento` is what another Python must be
 * told; null when it is as before.
 *
 * @typedef {'' | 'good' | 'taken' | 'refused'} Cue
 * @typedef {{v: Version, kind: 'patch', state: AppState, intent: number, frame: number | null, regions: Record<string, string>, announce: string, cue: Cue, has_picture: boolean, memento: string | null}} PatchMessage
 * @typedef {{v: Version, kind: 'picture', rgba: Uint8ClampedArray, width: number, height: number}} PictureMessage
 * @typedef {{v: Version, kind: 'read', id: number}} ReadMessage  the host shall send this photo
 * @typedef {{v: Version, kind: 'decode', id: number}} DecodeMessage  the host shall decode this file
 * @typedef {{v: Version, kind: 'press-shutter'}} ShutterMessage  all has been good: take the photo
 * @typedef {{v: Version, kind: 'restart-engine', excluded: Backend[]}} RestartMessage
 * @typedef {{v: Version, kind: 'report', report: Report}} ReportMessage  to be made a PDF and given to the visitor
 * @typedef {{v: Version, kind: 'reminder', name: string, text: string}} ReminderMessage  a calendar file, as text
 * @typedef {{v: Version, kind: 'done', id: number, heap_bytes: number}} DoneMessage  the answer to a ping; the memory that Python has taken, which never shrinks
 * @typedef {{v: Version, kind: 'store-open'}} StoreOpenMessage  read what is kept
 * @typedef {{v: Version, kind: 'store-write', id: number, records: StoredRecord[], pictures: {key: string, bytes: Uint8Array}[], deleted: string[]}} StoreWriteMessage
 * @typedef {{v: Version, kind: 'store-restore', id: number, records: StoredRecord[], pictures: string[]}} StoreRestoreMessage  of the backup that was opened last
 * @typedef {{v: Version, kind: 'store-pictures', id: number, keys: string[]}} StorePicturesWantedMessage
 * @typedef {StoreOpenMessage | StoreWriteMessage | StoreRestoreMessage | StorePicturesWantedMessage} StoreRequestMessage
 * @typedef {PatchMessage | PictureMessage | ReadMessage | DecodeMessage | ShutterMessage | ReportMessage | ReminderMessage | RestartMessage | StoreRequestMessage} PythonMessage
 */

/**
 * `lock` is the Web Lock that a worker holds as long as it lives, and null where there are none: it
 * then says so again and again.
 *
 * @typedef {{v: Version, kind: 'alive', lock: string | null}} AliveReport
 * @typedef {{v: Version, kind: 'arrived'}} ArrivedReport  a file has been loaded
 * @typedef {{v: Version, kind: 'fatal', message: string}} FatalReport  Python cannot go on
 * @typedef {AliveReport | ArrivedReport | FatalReport} WorkerReport
 */

/**
 * @typedef {{v: Version, kind: 'load', manifest_url: string, manifest_sha256: string, variant: string | null, forced: Backend | null, excluded: Backend[]}} LoadCommand
 * @typedef {{v: Version, kind: 'connect'}} ConnectCommand  comes with Python's port
 * @typedef {LoadCommand | ConnectCommand} EngineCommand
 */

/**
 * `parity_error` is the largest absolute difference to PyTorch's golden logits. `backend` is the one
 * that is being started, null before the first. The last two kinds are for the host alone: a
 * view of a prediction has begun, and all is over.
 *
 * @typedef {{v: Version, kind: 'progress', stage: 'download' | 'start' | 'compile' | 'check', backend: Backend | null, loaded_bytes: number, total_bytes: number}} ProgressReport
 * @typedef {{v: Version, kind: 'loaded', manifest: string, variant: string, backend: Backend, adapter: string, warmup_ms: number, parity_error: number, skipped: string[]}} LoadedReport
 * @typedef {{v: Version, kind: 'failed', error: WireError}} FailedReport
 * @typedef {{v: Version, kind: 'working'}} WorkingReport
 * @typedef {{v: Version, kind: 'idle'}} IdleReport
 * @typedef {ProgressReport | LoadedReport | FailedReport | WorkingReport | IdleReport | AliveReport} EngineReport
 *
 * Only the Lab's engine tells the following, after each picture; null where WebGPU has no part in it.
 * `gpu_ms` is the GPU's own time, where it can tell.
 * @typedef {{dispatches: number, passes: number, submits: number, gpu_ms: number | null}} GpuUse
 */

/**
 * `pixels` is n·224·224·3 float32 in [-1, 1], row-major, channels last: n views of one picture, of whose
 * answers the mean is told. `wanted` names what is told only on request. Of a prediction, `logits` are
 * seven, `embedding` 1280; `modality`, `lesion`, `melanoma`, `malignancy` and `nail` are a logit each
 * (positive: a dermoscope, a skin lesion, …); `maps` is 7·7·7 row-major: at each place of the first view
 * the seven classes, without their biases. What a model does not tell, or was not asked for, is null.
 *
 * @typedef {'embedding' | 'maps'} Wanted
 * @typedef {{v: Version, kind: 'predict', id: number, pixels: Float32Array, shape: number[], wanted: Wanted[]}} PredictRequest
 * @typedef {{v: Version, kind: 'prediction', id: number, logits: Float32Array, embedding: Float32Array | null, modality: number | null, lesion: number | null, melanoma: number | null, malignancy: number | null, nail: number | null, maps: Float32Array | null, inference_ms: number, backend: Backend}} Prediction
 * @typedef {{v: Version, kind: 'prediction-failed', id: number, error: WireError}} PredictionFailed
 * @typedef {Prediction | PredictionFailed} PredictReply
 */

/** Turn anything thrown into what crosses a thread. @param {unknown} error @returns {WireError} */
export function toWire(error) {
  if (error instanceof Error || error instanceof DOMException) {
    const { fault, values } = error instanceof Fault ? error : { fault: '', values: {} };
    return { name: error.name, message: error.message, detail: String(error.stack ?? ''), fault, values };
  }
  return { name: 'EngineError', message: String(error), detail: '', fault: '', values: {} };
}
