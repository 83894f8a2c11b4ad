/**
 * The page's only door to what is kept (`js/vault/`), loaded when something is kept or shown. Its worker
 * starts with the first call. Every call rejects with an error whose name is a `RefusalName`.
 */

import { Countdown } from './countdown.js';
import { VAULT_LOCKS_MS, VAULT_SILENCE_MS } from '../shared/limits.js';
import { spawn } from '../shared/spawn.js';
import { Refusal } from '../shared/vault.js';
import { watchLife } from './watched-life.js';

/** @typedef {import('../shared/vault.js').VaultCalls} VaultCalls */
/** @typedef {import('../shared/vault.js').VaultChanges} VaultChanges */
/** @typedef {import('../shared/vault.js').VaultRecord} VaultRecord */
/** @typedef {import('../shared/vault.js').VaultReport} VaultReport */
/** @typedef {{resolve: (value: any) => void, reject: (error: Refusal) => void}} Waiting */

const LOOK_AT_CLOCK_MS = 10_000;

/** Measures what the visitor leaves unused, by the clock: timers stand still while a device sleeps. */
class Disuse {
  #date_ms = 0;
  #since_ms = 0;

  constructor() {
    this.end();
  }

  end() {
    this.#date_ms = Date.now();
    this.#since_ms = performance.now();
  }

  /** Of two clocks one stops in sleep in some browsers, and the other can be put back. */
  isOver() {
    const passed_ms = Math.max(Date.now() - this.#date_ms, performance.now() - this.#since_ms);
    return passed_ms >= VAULT_LOCKS_MS;
  }
}

/** `change`: another tab has written. `locked`: it has locked itself, or another tab has. */
class Vault extends EventTarget {
  /** @type {{worker: Worker, end: () => void} | null} */
  #running = null;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #asked = 0;
  #disuse = new Disuse();
  #silence = new Countdown(() => this.#stop('does not answer'));

  constructor() {
    super();
    for (const kind of ['pointerdown', 'keydown']) {
      addEventListener(kind, () => this.#use(), { capture: true, passive: true });
    }
    document.addEventListener('visibilitychange', () => this.#lockIfUnused());
    addEventListener('pageshow', () => this.#lockIfUnused());
    setInterval(() => this.#lockIfUnused(), LOOK_AT_CLOCK_MS);
  }

  /**
   * What there is; asking makes nothing. `empty`: nothing was ever kept. `persisted`: whether the browser
   * has promised not to clear it away, null where it does not say. `wait_ms` until the next passcode.
   */
  async open() {
    const state = await this.#call('open');
    const persisted = await navigator.storage?.persisted?.().catch(() => null) ?? null;
    return { ...state, persisted };
  }

  /** Asks the browser not to clear it away. @returns {Promise<boolean>} */
  async persist() {
    return await navigator.storage?.persist?.().catch(() => false) ?? false;
  }

  /** All records. */
  records() {
    return this.#call('records');
  }

  /** All of it or nothing: rejects with `Conflict`, `Full` or `Locked`. Blobs are written once. @param {VaultChanges} changes */
  write(changes) {
    return this.#call('write', changes);
  }

  /** Rejects with `Missing`. @param {string} key */
  blob(key) {
    return this.#call('blob', key);
  }

  /** Everything is sealed anew; null: without a passcode. Rejects with `WeakPasscode`. @param {string | null} passcode */
  setPasscode(passcode) {
    return this.#call('setPasscode', passcode);
  }

  /** @param {string} passcode */
  unlock(passcode) {
    return this.#call('unlock', passcode);
  }

  /** In every tab. */
  lock() {
    return this.#call('lock', true);
  }

  /** Deletes all that is kept, and the keys. */
  erase() {
    return this.#call('erase');
  }

  /** Six words for a backup's phrase, with a space between two. */
  words() {
    return this.#call('words');
  }

  /** A file for the visitor. Rejects with `Missing` where nothing is kept, `WeakPasscode`, `TooLarge`. @param {string} readme  in plain words @param {string} phrase */
  backup(readme, phrase) {
    return this.#call('backup', readme, phrase);
  }

  /** What is in a backup; changes nothing. Rejects with `NotABackup`, `WrongPhrase`, `Damaged`, `TooNew`, `TooLarge`. @param {Blob} file @param {string} phrase */
  inspect(file, phrase) {
    return this.#call('inspect', file, phrase);
  }

  /**
   * Takes these blobs of the inspected file, unless they are there already, and these records: all or
   * nothing. Rejects as `write` does; with `Stopped` where the file has to be inspected again.
   * @param {{records: VaultRecord[], blobs: string[]}} wanted
   */
  restore(wanted) {
    return this.#call('restore', wanted);
  }

  /** @template {keyof VaultCalls} N @param {N} call @param {Parameters<VaultCalls[N]>} args @returns {Promise<ReturnType<VaultCalls[N]>>} */
  #call(call, ...args) {
    this.#use();
    const { worker } = this.#running ??= this.#start();
    return new Promise((resolve, reject) => {
      const id = this.#asked += 1;
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, call, args });
      this.#silence.start(VAULT_SILENCE_MS);
    });
  }

  #start() {
    const { worker, forget } = spawn(new URL('../vault/worker.js', import.meta.url), 'vault');
    const forgetLife = watchLife(worker, () => this.#stop('has died'));
    // The first is the word that it lives: the module has been loaded.
    worker.addEventListener('message', forget, { once: true });
    worker.addEventListener('message', ({ data }) => this.#follow(data));
    worker.addEventListener('error', ({ message }) => this.#stop(`does not load: ${message}`, 'Unavailable'));
    const end = () => {
      forgetLife();
      worker.terminate();
    };
    return { worker, end };
  }

  /** @param {VaultReport} report */
  #follow(report) {
    if (report.kind === 'change' || report.kind === 'locked') this.dispatchEvent(new Event(report.kind));
    if (report.kind === 'working') this.dispatchEvent(new CustomEvent('working', { detail: report.step }));
    if (report.kind === 'done' || report.kind === 'refused') {
      const asked = this.#waiting.get(report.id);
      this.#waiting.delete(report.id);
      if (report.kind === 'done') asked?.resolve(report.value);
      else asked?.reject(new Refusal(/** @type {any} */ (report.name), report.message));
    }
    if (this.#waiting.size) this.#silence.start(VAULT_SILENCE_MS);
    else this.#silence.stop();
  }

  /** What is asked next starts another one. @param {string} why @param {'Stopped' | 'Unavailable'} [name] */
  #stop(why, name = 'Stopped') {
    this.#running?.end();
    this.#running = null;
    this.#silence.stop();
    for (const { reject } of this.#waiting.values()) reject(new Refusal(name, `the vault ${why}`));
    this.#waiting.clear();
  }

  #use() {
    this.#lockIfUnused();
    this.#disuse.end();
  }

  #lockIfUnused() {
    if (!this.#disuse.isOver()) return;
    this.#disuse.end();
    // A worker that was never started, or has died, holds no key.
    if (this.#running) this.#running.worker.postMessage({ id: 0, call: 'lock', args: [false] });
  }
}

/** @returns {Vault} */
export function openVault() {
  return new Vault();
}
