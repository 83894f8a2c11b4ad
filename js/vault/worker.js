/**
 * The vault's worker: keeps records and blobs, sealed, in this browser (docs/architecture.md).
 *
 * Reading and writing share a lock over all tabs; what touches everything takes it alone.
 */

import '../shared/blob-only.js';
import { holdLife } from '../shared/life.js';
import { Refusal } from '../shared/vault.js';
import { demandStrength } from './keys.js';
import { rekey, sweep } from './rekey.js';
import { demandValid, readBlob, readRecords, write } from './rows.js';
import { closeDatabase, existing, forget, letGo, opened, openedAnyway, state, takeOver, unlock } from './session.js';
import { NAME, deleteDB } from './store.js';
import { disown } from './unclaimed.js';

/** @typedef {import('../shared/vault.js').VaultCalls} VaultCalls */
/** @typedef {import('../shared/vault.js').VaultReport} VaultReport */
/** @typedef {import('../shared/vault.js').VaultRequest} VaultRequest */

// While another tab is at something that touches everything, the page hears that this one lives.
const STILL_WAITING_MS = 5_000;
const SHOWS_WORK_MS = 1_000;

/** What other tabs are told. @typedef {'change' | 'rekeyed' | 'lock'} News */
const channel = new BroadcastChannel(NAME);
/** @param {News} news */
const tell = (news) => channel.postMessage(news);

/** @param {VaultReport} report @param {Transferable[]} [transfer] */
function report(report, transfer = []) {
  self.postMessage(report, { transfer });
}

let worked_ms = 0;
/** @param {{done: number, of: number}} [step]  of a backup's pictures */
function working(step) {
  const now_ms = performance.now();
  if (now_ms - worked_ms < SHOWS_WORK_MS) return;
  worked_ms = now_ms;
  report({ kind: 'working', step: step ?? null });
}

/** @template T @param {LockMode} mode @param {() => Promise<T>} work @returns {Promise<T>} */
async function locked(mode, work) {
  const waits = setInterval(working, STILL_WAITING_MS);
  return navigator.locks.request(NAME, { mode }, () => {
    clearInterval(waits);
    return work();
  }).finally(() => clearInterval(waits));
}

/** @template T @param {() => Promise<T>} work */
const shared = (work) => locked('shared', work);
/** @template T @param {() => Promise<T>} work */
const alone = (work) => locked('exclusive', work);

/** @type {Promise<typeof import('./backup/backup.js')> | null} */
let loading = null;
function backups() {
  loading ??= import('./backup/backup.js').catch((error) => {
    loading = null;
    throw new Refusal('Unavailable', `backups do not load: ${error}`);
  });
  return loading;
}

/** Nothing that opens anything stays. */
function letAllGo() {
  loading?.then(({ forgetInspected }) => forgetInspected(), () => {});
  return letGo();
}

let swept = false;

/** Tidies up once, unless another tab is at work. */
async function tidy() {
  if (swept) return;
  await navigator.locks.request(NAME, { ifAvailable: true }, async (lock) => {
    const database = lock && await existing();
    if (!database) return;
    await disown(database);
    await sweep(database);
    swept = true;
  });
}

/** @type {{[N in keyof VaultCalls]: (...args: Parameters<VaultCalls[N]>) => Promise<ReturnType<VaultCalls[N]>>}} */
const calls = {
  async open() {
    await tidy();
    return shared(state);
  },
  records: () => shared(async () => {
    const there = await opened();
    return there ? readRecords(there) : [];
  }),
  async write(changes) {
    demandValid(changes);
    return shared(async () => {
      const done = await write(await openedAnyway(), changes);
      tell('change');
      return done;
    });
  },
  blob: (key) => shared(async () => {
    const there = await opened();
    if (!there) throw new Refusal('Missing', `no blob ${key}`);
    return readBlob(there, key);
  }),
  setPasscode: (passcode) => alone(async () => {
    if (passcode !== null) demandStrength(passcode);
    takeOver(await rekey(await openedAnyway(), passcode, working), passcode !== null);
    tell('rekeyed');
  }),
  unlock: (passcode) => shared(() => unlock(passcode)),
  async lock(everywhere) {
    if (letAllGo()) report({ kind: 'locked' });
    if (everywhere) tell('lock');
  },
  erase: () => alone(async () => {
    closeDatabase();
    await deleteDB(NAME);
    tell('rekeyed');
  }),
  words: async () => (await backups()).chosenWords(),
  async backup(readme, phrase) {
    const { writeBackup } = await backups();
    return alone(async () => {
      const there = await opened();
      if (!there) throw new Refusal('Missing', 'nothing is kept');
      return writeBackup(there, readme, phrase, working);
    });
  },
  inspect: async (file, phrase) => (await backups()).inspect(file, phrase, working),
  async restore(wanted) {
    demandValid({ puts: wanted.records, blobs: [], deletes: wanted.blobs });
    const { restore } = await backups();
    return alone(async () => {
      const there = await openedAnyway();
      await disown(there.database);
      const done = await restore(there, wanted, working);
      tell('change');
      return done;
    });
  },
};

channel.addEventListener('message', async (/** @type {MessageEvent<News>} */ { data }) => {
  if (data === 'change') report({ kind: 'change' });
  if (data === 'lock' && letAllGo()) report({ kind: 'locked' });
  if (data === 'rekeyed') {
    forget();
    const isLocked = (await shared(state).catch(() => null))?.state === 'locked';
    report({ kind: isLocked ? 'locked' : 'change' });
  }
});

/** @param {unknown} error @returns {{name: string, message: string}} */
function asRefusal(error) {
  if (error instanceof Refusal) return error;
  return { name: 'Failed', message: String(error) };
}

self.addEventListener('message', async (/** @type {MessageEvent<VaultRequest>} */ { data: { id, call, args } }) => {
  try {
    if (!globalThis.indexedDB || !globalThis.crypto?.subtle || !navigator.locks) {
      throw new Refusal('Unavailable', 'no IndexedDB, Web Crypto or Web Locks');
    }
    const value = await /** @type {(...args: unknown[]) => Promise<unknown>} */ (calls[call])(...args);
    report({ kind: 'done', id, value }, value instanceof Uint8Array ? [value.buffer] : []);
  } catch (error) {
    const { name, message } = asRefusal(error);
    report({ kind: 'refused', id, name, message });
  }
});

await holdLife('vault');
