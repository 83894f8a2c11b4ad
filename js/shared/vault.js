/**
 * What the page and the vault's worker say to each other (`js/page/vault.js`, `js/vault/`). The vault
 * knows nothing of what it keeps: records are JSON, blobs are bytes, keys are random ids.
 */

/**
 * `wait_ms`: how long the next passcode has to wait, after wrong ones.
 * @typedef {{state: 'empty' | 'open' | 'locked', passcode: boolean, wait_ms: number}} VaultState
 *
 * `revision`: how often the record was written; to write it again one has to name the last.
 * @typedef {{key: string, json: string, revision: number}} VaultRecord
 * @typedef {{key: string, bytes: Uint8Array}} VaultBlob
 * @typedef {{puts: VaultRecord[], blobs: VaultBlob[], deletes: string[]}} VaultChanges
 * What came of a passcode: `tried` is false while it has to wait, and where none is wanted.
 * @typedef {{open: boolean, tried: boolean, wait_ms: number}} Attempt
 *
 * What the worker can be asked for, by name.
 * @typedef {{
 *   open: () => VaultState,
 *   records: () => VaultRecord[],
 *   write: (changes: VaultChanges) => {revisions: Record<string, number>},
 *   blob: (key: string) => Uint8Array<ArrayBuffer>,
 *   setPasscode: (passcode: string | null) => void,
 *   unlock: (passcode: string) => Attempt,
 *   lock: (everywhere: boolean) => void,
 *   erase: () => void,
 *   words: () => string,
 *   backup: (readme: string, phrase: string) => Blob,
 *   inspect: (file: Blob, phrase: string) => {records: {key: string, json: string}[], pictures: number},
 *   restore: (wanted: {records: VaultRecord[], blobs: string[]}) => {revisions: Record<string, number>},
 * }} VaultCalls
 *
 * @typedef {{[N in keyof VaultCalls]: {id: number, call: N, args: Parameters<VaultCalls[N]>}}[keyof VaultCalls]} VaultRequest
 *
 * `working` shows that it lives, and how many of a backup's pictures are done; `change` tells that another tab has written, `locked` that it is locked now.
 * @typedef {{kind: 'done', id: number, value: unknown}
 *   | {kind: 'refused', id: number, name: string, message: string}
 *   | {kind: 'working', step: {done: number, of: number} | null} | {kind: 'change'} | {kind: 'locked'}} VaultReport
 */

/**
 * Why the vault did not do what it was asked for, by its name:
 *
 * `Unavailable`: the browser keeps nothing here. `TooNew`: written by a newer Lentigo. `Locked`.
 * `Conflict`: another tab wrote this in the meantime. `Full`: no room. `Missing`: no such blob.
 * `WeakPasscode`: too short. `Damaged`: not as it was written. `Invalid`: a fault of the caller.
 * Of a backup: `NotABackup`, `WrongPhrase`, `TooLarge` for any device, `TooNew`, `Damaged` or only half of it.
 * `Stopped`: the worker died or hung; what was asked for may have been done. `Failed`: all else.
 *
 * @typedef {'Unavailable' | 'TooNew' | 'Locked' | 'Conflict' | 'Full' | 'Missing' | 'WeakPasscode'
 *   | 'Damaged' | 'Invalid' | 'NotABackup' | 'WrongPhrase' | 'TooLarge' | 'Stopped' | 'Failed'} RefusalName
 */
export class Refusal extends Error {
  /** @param {RefusalName} name @param {string} message  for developers */
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}
