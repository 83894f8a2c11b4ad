/**
 * The page's side of what is kept: does what Python asks of the store, and what must not pass through
 * Python: passcodes, the words of a backup, and files. The store itself is loaded when it is first needed.
 */

import { find } from './find.js';
import { moment, saveFile } from './keep.js';
import { hush, tell, whyNotOpened, whyNotTaken, whyNotUnlocked } from './told.js';
import { VERSION } from '../shared/protocol.js';
import { words } from './words.js';

/** @typedef {import('../shared/protocol.js').StoreFault} StoreFault */
/** @typedef {import('../shared/protocol.js').StoreMessage} StoreMessage */
/** @typedef {import('../shared/protocol.js').StoreRequestMessage} StoreRequestMessage */
/** @typedef {import('../shared/protocol.js').StoredRecord} StoredRecord */
/** @typedef {ReturnType<typeof import('./vault.js').openVault>} Vault */

/** What Python has words for; whatever else goes wrong means that nothing can be kept. @type {Record<string, StoreFault>} */
const FAULTS = { Conflict: 'conflict', Full: 'full', Locked: 'locked', Missing: 'missing' };

/** @param {unknown} error @returns {StoreFault} */
function faultOf(error) {
  console.info('The store refused.', error);
  return FAULTS[error instanceof Error ? error.name : ''] ?? 'unavailable';
}

/** What was typed into a field of a form, which then is empty. @param {HTMLFormElement} form @param {string} name */
function taken(form, name) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  const { value } = field;
  field.value = '';
  return value;
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function fill(form, name, value) {
  /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value ||= value;
}

export class KeptSpots {
  #send;
  /** @type {Promise<Vault> | null} */
  #vault = null;
  #isEmpty = true;
  /** Whether it is to be covered while nobody looks at it. */
  hasPasscode = false;

  /** @param {(message: StoreMessage, transfer?: Transferable[]) => void} send */
  constructor(send) {
    this.#send = send;
  }

  /** @returns {Promise<Vault>} */
  vault() {
    this.#vault ??= import('./vault.js').then(({ openVault }) => {
      const vault = openVault();
      for (const kind of ['change', 'locked']) vault.addEventListener(kind, () => void this.open());
      return vault;
    });
    return this.#vault;
  }

  /** Does what Python asks for, and tells how it went. @param {StoreRequestMessage} message */
  async follow(message) {
    if (message.kind === 'store-open') await this.open();
    else {
      try {
        await this.#perform(message, await this.vault());
      } catch (error) {
        const fault = faultOf(error);
        // What is shown is not what is kept, or no longer to be seen.
        if (fault === 'conflict' || fault === 'locked') await this.open();
        this.#send({ v: VERSION, intent: 0, kind: 'store-failed', id: message.id, fault });
      }
    }
  }

  /** Reads all but the pictures. */
  async open() {
    try {
      const vault = await this.vault();
      const { state, passcode, persisted } = await vault.open();
      const records = state === 'open' ? await vault.records() : [];
      this.#isEmpty = state === 'empty';
      this.hasPasscode = passcode;
      // A form that unlocks may take the place of one that has said something.
      if (state === 'locked') hush();
      this.#send({ v: VERSION, intent: 0, kind: 'store-read', state, passcode, persisted, records, at: moment() });
    } catch (error) {
      this.#send({ v: VERSION, intent: 0, kind: 'store-failed', id: null, fault: faultOf(error) });
    }
  }

  /** @param {Exclude<StoreRequestMessage, {kind: 'store-open'}>} message @param {Vault} vault */
  async #perform(message, vault) {
    const { id } = message;
    if (message.kind === 'store-pictures') {
      const pictures = await Promise.all(message.keys.map(async (key) => ({ key, bytes: await vault.blob(key) })));
      const buffers = pictures.map(({ bytes }) => bytes.buffer);
      this.#send({ v: VERSION, intent: 0, kind: 'store-pictures', id, pictures }, buffers);
      return;
    }
    const asked = this.#isEmpty ? vault.persist() : null;
    if (message.kind === 'store-restore') await vault.restore({ records: message.records, blobs: message.pictures });
    const { revisions } = message.kind === 'store-write'
      ? await vault.write({ puts: message.records, blobs: message.pictures, deletes: message.deleted })
      : { revisions: {} };
    // Firefox asks the visitor, who may not answer: what is kept does not wait for that.
    const persisted = await Promise.race([asked, null]);
    this.#send({ v: VERSION, intent: 0, kind: 'store-written', id, revisions, persisted });
    if (persisted === null) void asked?.then(() => this.open());
    if (this.#isEmpty || message.kind === 'store-restore') await this.open();
  }

  /** @param {HTMLFormElement} form */
  async unlock(form) {
    const passcode = taken(form, 'passcode');
    const attempt = await (await this.vault()).unlock(passcode);
    if (attempt.open) await this.open();
    else tell(form, whyNotUnlocked(attempt), true);
    // It may be the right one: it is not to be typed again after the wait.
    if (!attempt.open && !attempt.tried) fill(form, 'passcode', passcode);
  }

  async lock() {
    await (await this.vault()).lock();
    await this.open();
  }

  /** @param {HTMLFormElement} form */
  async setPasscode(form) {
    const [passcode, again] = [taken(form, 'passcode'), taken(form, 'again')];
    if (passcode !== again) {
      tell(form, words('vault.passcode.differ'), true);
      return;
    }
    try {
      tell(form, words('vault.passcode.setting'));
      await (await this.vault()).setPasscode(passcode);
      tell(form, words('vault.passcode.set'));
      await this.open();
    } catch (error) {
      tell(form, whyNotTaken(error, words('vault.passcode.failed')), true);
    }
  }

  /** Who has the page open must know the passcode to take it off. @param {HTMLFormElement} form */
  async removePasscode(form) {
    const vault = await this.vault();
    const attempt = await vault.unlock(taken(form, 'passcode'));
    if (!attempt.open) {
      tell(form, whyNotUnlocked(attempt), true);
      return;
    }
    try {
      tell(form, words('vault.passcode.setting'));
      await vault.setPasscode(null);
      // This form goes; the other one stays.
      tell(find('[data-form=passcode]', HTMLFormElement), words('vault.passcode.removed'));
      await this.open();
    } catch (error) {
      tell(form, whyNotTaken(error, words('vault.passcode.failed')), true);
    }
  }

  /** Fills in words that nobody else has, unless there are some. @param {HTMLInputElement} field */
  async proposeWords(field) {
    const proposed = await (await this.vault()).words();
    if (!field.value) field.value = proposed;
  }

  /** @param {HTMLFormElement} form @returns {Promise<boolean>} whether the visitor has one now */
  async backup(form) {
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem('phrase'));
    /** @param {Event} event */
    const onStep = (event) => {
      if (event instanceof CustomEvent && event.detail) tell(form, words('vault.backup.step', event.detail));
    };
    const vault = await this.vault();
    try {
      tell(form, words('vault.backup.making'));
      vault.addEventListener('working', onStep);
      const blob = await vault.backup(words('vault.backup.readme'), field.value);
      const name = `lentigo-backup-${new Date().toISOString().slice(0, 10)}.age`;
      saveFile(new File([blob], name, { type: 'application/octet-stream' }));
      tell(form, words('keep.saved', { name }));
      return true;
    } catch (error) {
      tell(form, whyNotTaken(error, words('vault.backup.failed')), true);
      return false;
    } finally {
      vault.removeEventListener('working', onStep);
    }
  }

  /** Opens a backup that was chosen. @param {HTMLFormElement} form @returns {Promise<{records: StoredRecord[], pictures: number} | null>} */
  async inspect(form) {
    const { files } = /** @type {HTMLInputElement} */ (form.elements.namedItem('file'));
    const { value } = /** @type {HTMLInputElement} */ (form.elements.namedItem('phrase'));
    try {
      tell(form, words('vault.backup.opening'));
      const { records, pictures } = await (await this.vault()).inspect(/** @type {FileList} */ (files)[0], value);
      tell(form, '');
      return { records: records.map((record) => ({ ...record, revision: 0 })), pictures };
    } catch (error) {
      tell(form, whyNotOpened(error), true);
      return null;
    }
  }

  async deleteAll() {
    await (await this.vault()).erase();
    await this.open();
  }
}
