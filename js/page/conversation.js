/**
 * What Python is told: the visitor's acts, by number, and the photos that it asks for. Keeps what
 * another Python must be told that takes its place (docs/decisions/0019-one-sequence.md).
 */

import { VERSION, toWire } from '../shared/protocol.js';

/** @typedef {import('../shared/protocol.js').Acts} Acts */
/** @typedef {import('../shared/protocol.js').HostMessage} HostMessage */
/** @typedef {import('../shared/protocol.js').PatchMessage} PatchMessage */
/** @typedef {import('../shared/protocol.js').Place} Place */
/** @typedef {import('./camera.js').Pixels} Pixels */
/** @typedef {(message: HostMessage, transfer?: Transferable[]) => void} Send */

/** Milliseconds since the epoch, on the clock of Python's worker. */
export function now() {
  return performance.timeOrigin + performance.now();
}

export class Conversation {
  #photos;
  #send;
  #intent = 0;
  #nextId = 1;
  /** The last act that a patch has answered. */
  #answered = 0;
  /** Acts that no patch has answered: another Python must be told of them too. @type {HostMessage[]} */
  #unanswered = [];
  /** A photo that is not among those of the first screen. */
  #apart = NaN;
  /** What another Python must know besides. @type {string | null} */
  #memento = null;

  /** @param {import('./photos.js').Photos} photos @param {Send} send */
  constructor(photos, send) {
    this.#photos = photos;
    this.#send = send;
  }

  /** @template {keyof Acts} A @param {A} action @param {Acts[A]} payload */
  act(action, payload) {
    this.#intent += 1;
    this.#tell(/** @type {HostMessage} */ ({ v: VERSION, kind: 'event', intent: this.#intent, action, payload }));
  }

  /**
   * Names new photos, in the order in which they shall be looked at.
   * @param {import('./photos.js').Photo[]} chosen @param {'photo' | 'capture'} source
   * @param {Place} place @param {number} started_ms
   */
  name(chosen, source, place, started_ms) {
    this.#intent += 1;
    const photos = chosen.map((photo) => this.#held(photo));
    this.#tell({ v: VERSION, kind: 'photos', intent: this.#intent, source, photos, ...place, started_ms });
  }

  /** Holds a photo that is asked for by its name, and is none of the first screen's. @param {import('./photos.js').Photo} photo */
  holdApart(photo) {
    const held = this.#held(photo);
    this.#apart = held.id;
    return held;
  }

  /** @param {import('./photos.js').Photo} photo */
  #held(photo) {
    const id = this.#nextId++;
    this.#photos.hold(id, photo);
    return { id, name: this.#photos.nameOf(id) };
  }

  /** @param {HostMessage} message */
  #tell(message) {
    this.#unanswered.push(message);
    this.#send(message);
  }

  /** Sends a live frame. @param {Pixels} pixels @param {number} started_ms */
  sendFrame(pixels, started_ms) {
    this.#sendPixels(this.#nextId++, 'live', pixels, started_ms);
  }

  /** Sends the photo that Python has asked for: its bytes, or what the shutter took. @param {number} id */
  async sendPhoto(id) {
    try {
      const photo = await this.#photos.read(id);
      if ('rgba' in photo) this.#sendPixels(id, 'photo', photo, now());
      else this.#send({ v: VERSION, kind: 'file', id, intent: this.#intent, ...photo }, [photo.bytes.buffer]);
    } catch (error) {
      this.#sendFailure(id, error);
    }
  }

  /** Sends a photo as the browser decodes it. @param {number} id */
  async sendDecoded(id) {
    try {
      this.#sendPixels(id, 'photo', await this.#photos.decode(id), now());
    } catch (error) {
      this.#sendFailure(id, error);
    }
  }

  /** @param {number} id @param {'live' | 'photo'} purpose @param {Pixels} pixels @param {number} started_ms */
  #sendPixels(id, purpose, pixels, started_ms) {
    this.#send({ v: VERSION, kind: 'frame', id, intent: this.#intent, purpose, ...pixels, started_ms }, [pixels.rgba.buffer]);
  }

  /** @param {number} id @param {unknown} error */
  #sendFailure(id, error) {
    this.#send({ v: VERSION, kind: 'unreadable', id, intent: this.#intent, error: toWire(error) });
  }

  /** Whether a patch knows of the visitor's last act. @param {PatchMessage} patch */
  isCurrent(patch) {
    return patch.intent >= this.#intent;
  }

  /** Forgets what Python has answered, and the photos that nobody will ask for. @param {PatchMessage} patch */
  settle(patch) {
    this.#unanswered = this.#unanswered.filter((message) => message.intent > patch.intent);
    // A Python that has not been told yet what the one before it knew has nothing to pass on.
    const knows = patch.intent >= this.#answered;
    this.#answered = Math.max(this.#answered, patch.intent);
    if (patch.memento === null || !knows) return;
    this.#memento = patch.memento;
    const coming = this.#unanswered.flatMap((message) => (message.kind === 'photos' ? message.photos : []));
    this.#photos.keepOnly(new Set([...JSON.parse(this.#memento).photos, ...coming.map(({ id }) => id), this.#apart]));
  }

  /** Tells a new Python what the one before it knew, and what that one has not answered. */
  resume() {
    if (this.#memento !== null) {
      this.#send({ v: VERSION, kind: 'resume', intent: this.#answered, memento: this.#memento });
    }
    this.#unanswered.forEach((message) => this.#send(message));
  }
}
