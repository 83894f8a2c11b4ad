/**
 * The photos that the page holds for Python: files, and what the shutter took.
 *
 * A file is read only when Python asks for it, and may be asked for again: by another Python that
 * takes the place of a dead one.
 */

import { readPixels, readableContext, seePixels } from './camera.js';
import { Fault } from '../shared/fault.js';
import { MAXIMUM_FILE_BYTES } from '../shared/protocol.js';
import { within } from '../shared/within.js';

/** @typedef {import('./camera.js').Pixels} Pixels */

// A file in a cloud folder or on a slow card is fetched while it is read.
const READ_LIMIT_MS = 60_000;
const DECODE_LIMIT_MS = 30_000;
// What Python gets of a picture that only the browser can decode.
const DECODED_SIDE_PX = 1024;
// A photo that is saved may be looked at by a doctor, or compared with a later one.
const SAVED_QUALITY = 0.95;

/** A file that the browser does not give out; the name is one of `lentigo/errors.py`. */
class UnreadableFileError extends Error {
  name = 'UnreadableFileError';
}

/** A folder that was dropped; it can only be named. */
export class Folder {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }
}

class FolderError extends Error {
  name = 'FolderError';
}

/** In place of a photo that Python does not get over. */
const HOPELESS = Symbol('hopeless');

/** @typedef {File | Folder | Pixels} Photo */

export class Photos {
  /** @type {Map<number, Photo | typeof HOPELESS>} */
  #held = new Map();

  /** @param {number} id @param {Photo} photo */
  hold(id, photo) {
    this.#held.set(id, photo);
  }

  /** Lets go of what nobody will ask for any more. @param {Set<number>} wanted */
  keepOnly(wanted) {
    for (const id of this.#held.keys()) {
      if (!wanted.has(id)) this.#held.delete(id);
    }
  }

  get size() {
    return this.#held.size;
  }

  /** Will not be read again: Python does not get over it. @param {number} id */
  giveUp(id) {
    if (this.#held.has(id)) this.#held.set(id, HOPELESS);
  }

  /** The name of a photo; one that the camera took has none. @param {number} id */
  nameOf(id) {
    const photo = this.#held.get(id);
    return photo instanceof File || photo instanceof Folder ? photo.name : '';
  }

  /**
   * The bytes of a file (none if there are too many), or a copy of the camera's pixels. Ends in one
   * or the other, or in an error, within `READ_LIMIT_MS`.
   * @param {number} id @returns {Promise<{size: number, bytes: Uint8Array} | Pixels>}
   */
  async read(id) {
    const photo = this.#held.get(id);
    if (!photo) throw new UnreadableFileError('the page no longer has it');
    if (photo === HOPELESS) throw new Fault('PictureTooLargeError', 'stopped-twice');
    if (photo instanceof Folder) throw new FolderError(photo.name);
    if (!(photo instanceof File)) return { ...photo, rgba: photo.rgba.slice() };
    const { size } = photo;
    if (size > MAXIMUM_FILE_BYTES) return { size, bytes: new Uint8Array() };
    try {
      const late = () => new Error(`no end after ${READ_LIMIT_MS / 1000} s`);
      return { size, bytes: new Uint8Array(await within(photo.arrayBuffer(), READ_LIMIT_MS, late)) };
    } catch (error) {
      throw new UnreadableFileError(String(error));
    }
  }

  /** A photo to be saved: a file as it is, what the shutter took as JPEG. @param {number} id @param {string} name  of what has none @returns {Promise<File>} */
  async file(id, name) {
    const photo = this.#held.get(id);
    if (photo instanceof File) return photo;
    if (!photo || photo === HOPELESS || photo instanceof Folder) throw new UnreadableFileError('the page no longer has it');
    const context = readableContext();
    Object.assign(context.canvas, { width: photo.width, height: photo.height });
    context.putImageData(new ImageData(new Uint8ClampedArray(photo.rgba), photo.width, photo.height), 0, 0);
    /** @type {Blob | null} */
    const jpeg = await new Promise((resolve) => { context.canvas.toBlob(resolve, 'image/jpeg', SAVED_QUALITY); });
    if (!jpeg) throw new UnreadableFileError('the browser makes no JPEG');
    return new File([jpeg], name, { type: 'image/jpeg' });
  }

  /** Decodes a format that this browser knows and Pillow does not. @param {number} id @returns {Promise<Pixels>} */
  async decode(id) {
    const photo = this.#held.get(id);
    if (!(photo instanceof File)) throw new UnreadableFileError('the page no longer has it');
    seePixels();
    const size = await within(sizeOf(photo), DECODE_LIMIT_MS, noPicture);
    const scale = Math.min(1, DECODED_SIDE_PX / Math.max(size.width, size.height));
    // Scaled as it is decoded: at full size it would be in memory a second time.
    const decoding = createImageBitmap(photo, {
      resizeWidth: Math.max(1, Math.round(size.width * scale)),
      resizeHeight: Math.max(1, Math.round(size.height * scale)),
      resizeQuality: 'high',
    });
    const bitmap = await within(decoding, DECODE_LIMIT_MS, noPicture).catch((error) => {
      decoding.then((tooLate) => tooLate.close(), () => {});
      throw error;
    });
    try {
      return readPixels(bitmap, bitmap.width, bitmap.height, DECODED_SIDE_PX, readableContext());
    } finally {
      bitmap.close();
    }
  }
}

const noPicture = () => new Error(`no picture after ${DECODE_LIMIT_MS / 1000} s`);

/** The size of a picture that this browser knows, upright; it is not decoded for that. @param {File} photo @returns {Promise<{width: number, height: number}>} */
function sizeOf(photo) {
  const image = new Image();
  image.src = URL.createObjectURL(photo);
  return new Promise((resolve, reject) => {
    image.onload = () => resolve({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => reject(new Error('the browser cannot decode it'));
  }).finally(() => URL.revokeObjectURL(image.src));
}
