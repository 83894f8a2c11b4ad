/** What the worker has in hand: the open database, and the data key while it may be used. */

import { keyOfPasscode, newDataKey, newDeviceKey, unwrapDataKey } from './keys.js';
import { NAME, atomically, openDatabase, readHead, writeHead } from './store.js';
import { afterAnother, NONE, waitOf } from './attempts.js';
import { Refusal } from '../shared/vault.js';

/** @typedef {import('./store.js').Database} Database */
/** @typedef {import('./store.js').Head} Head */
/** @typedef {{database: Database, generation: number, dataKey: CryptoKey}} Opened */

/** @type {Database | null} */
let database = null;
/** @type {{generation: number, dataKey: CryptoKey, locks: boolean} | null} */
let held = null;

/** Lets go of the data key, if a passcode protects it; tells whether it did. */
export function letGo() {
  if (!held?.locks) return false;
  held = null;
  return true;
}

/** Another tab has made a new data key, or deleted everything. */
export function forget() {
  held = null;
}

export function closeDatabase() {
  database?.close();
  database = null;
  held = null;
}

/** The database, locked or not. @returns {Promise<Database | null>} */
export async function existing() {
  database ??= await openDatabase(() => {
    database = null;
    held = null;
  });
  return database;
}

/** The database, made where there is none. @returns {Promise<Database>} */
async function made() {
  const there = await existing();
  if (there) return there;
  const key = await newDeviceKey();
  const { wrapped } = await newDataKey(key);
  // Of two tabs that come here at once, the second finds what the first has made.
  const first = { generation: 1, lock: { kind: /** @type {const} */ ('device'), key, wrapped } };
  database = await openDatabase(() => {
    database = null;
    held = null;
  }, first);
  return /** @type {Database} */ (database);
}

/** @param {Database} from @returns {Promise<Head>} */
async function headOf(from) {
  return readHead(from.transaction(['head']));
}

/** @returns {Promise<import('../shared/vault.js').VaultState>} */
export async function state() {
  const there = await existing();
  if (!there) return { state: 'empty', passcode: false, wait_ms: 0 };
  const { generation, lock } = await headOf(there);
  if (lock.kind === 'device') return { state: 'open', passcode: false, wait_ms: 0 };
  const isOpen = held?.generation === generation;
  return { state: isOpen ? 'open' : 'locked', passcode: true, wait_ms: waitOf(lock, Date.now()) };
}

/**
 * The database and its data key, or null where nothing was ever kept. Rejects with `Locked`.
 * @returns {Promise<Opened | null>}
 */
export async function opened() {
  const there = await existing();
  return there && openedOf(there);
}

/** The same, made where there is none. */
export async function openedAnyway() {
  return openedOf(await made());
}

/** @param {Database} from @returns {Promise<Opened>} */
async function openedOf(from) {
  const { generation, lock } = await headOf(from);
  if (held?.generation !== generation) {
    held = null;
    if (lock.kind === 'passcode') throw new Refusal('Locked', 'the passcode is wanted');
    held = { generation, dataKey: await unwrapDataKey(lock.wrapped, lock.key), locks: false };
  }
  return { database: from, generation, dataKey: held.dataKey };
}

/** Takes a new data key in hand, which has taken the place of the old one. @param {Opened} next @param {boolean} locks */
export function takeOver({ generation, dataKey }, locks) {
  held = { generation, dataKey, locks };
}

/**
 * Tries a passcode. It is counted as wrong before it is tried, so that closing the tab does not help.
 * @param {string} passcode @returns {Promise<import('../shared/vault.js').Attempt>}
 */
export function unlock(passcode) {
  return navigator.locks.request(`${NAME}-attempt`, async () => {
    const there = await existing();
    if (!there) throw new Refusal('Invalid', 'there is nothing to unlock');
    const head = await headOf(there);
    const { generation, lock } = head;
    if (lock.kind === 'device') return { open: true, tried: false, wait_ms: 0 };
    const wait_ms = waitOf(lock, Date.now());
    if (wait_ms > 0) return { open: false, tried: false, wait_ms };
    const counted = { ...lock, ...afterAnother(lock, Date.now()) };
    await atomically(there, (transaction) => writeHead(transaction, { generation, lock: counted }));
    const wrapping = await keyOfPasscode(passcode, lock.salt, lock.rounds);
    try {
      held = { generation, dataKey: await unwrapDataKey(lock.wrapped, wrapping), locks: true };
    } catch {
      return { open: false, tried: true, wait_ms: waitOf(counted, Date.now()) };
    }
    await atomically(there, (transaction) => writeHead(transaction, { generation, lock: { ...lock, ...NONE } }));
    return { open: true, tried: true, wait_ms: 0 };
  });
}
