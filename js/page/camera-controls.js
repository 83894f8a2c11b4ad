/** The camera as the visitor handles it: opening, which can be called off, closing, and its buttons. */

import { Camera } from './camera.js';
import { CameraEntry } from './camera-entry.js';
import { find } from './find.js';
import { app } from './page.js';
import { ANOTHER_SPOT } from '../shared/protocol.js';

/** @typedef {import('./camera.js').Abilities} Abilities */
/** @typedef {import('./camera.js').Pixels} Pixels */
/** @typedef {import('../shared/protocol.js').Place} Place */

// A permission that was given before is not asked for again; only then a word would flicker.
const ASKING_TOLD_MS = 800;

const zoom = find('[data-camera=zoom]', HTMLInputElement);
const torch = find('[data-camera=torch]', HTMLButtonElement);
const switcher = find('[data-camera=switch]', HTMLButtonElement);
const asking = find('[data-camera=asking]', HTMLElement);
const shutter = find('[data-testid=capture]', HTMLButtonElement);

/** A refusal where no address stands beside the page; the name is one of `lentigo/errors.py`. */
class CameraRefusedInAppError extends Error {
  name = 'CameraRefusedInAppError';
}

/** @param {unknown} error */
function isRefused(error) {
  return error instanceof DOMException && error.name === 'NotAllowedError';
}

/** Whether the page runs as an app, without an address bar. */
function isInstalled() {
  return matchMedia('(display-mode: standalone)').matches;
}

export class CameraControls {
  #listener;
  #camera;
  #entry = new CameraEntry(() => this.stop());
  /** The camera that is being opened: whatever the visitor does meanwhile calls it off. @type {AbortController | null} */
  #opening = null;
  /** Of the photo that is to be taken. */
  #place = ANOTHER_SPOT;

  /**
   * @param {{
   *   onFrame: (pixels: Pixels, captured_ms: number) => void,
   *   onStarted: () => void, onStopped: () => void, onStalled: () => void,
   *   onFailed: (error: unknown) => void,
   * }} listener  `onStopped`: by the visitor, who also leaves the page or goes back
   */
  constructor(listener) {
    this.#listener = listener;
    const { onFrame, onStalled } = listener;
    const preview = find('[data-camera=preview]', HTMLVideoElement);
    this.#camera = new Camera(preview, onFrame, (error) => this.#fail(error), onStalled);
    zoom.addEventListener('input', () => {
      this.#camera.apply({ zoom: zoom.valueAsNumber }).catch(() => { zoom.hidden = true; });
    });
    // A page in the background gives the camera back, or does not take it; its light would worry people.
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.stop();
    });
  }

  /** Whether it is open, and not being opened or changed for another. */
  get isOn() {
    return this.#camera.running && !this.#opening;
  }

  get place() {
    return this.#place;
  }

  /** @param {Place} place  of the photo that it shall take */
  open(place) {
    if (this.#opening) return;
    this.#place = place;
    void this.#openWith((signal) => this.#camera.start(signal));
  }

  /** Changes to the next camera of the device. */
  switch() {
    if (this.#opening) return;
    this.#listener.onStalled();
    void this.#openWith((signal) => this.#camera.switch(signal));
  }

  /** @param {(signal: AbortSignal) => Promise<Abilities>} start */
  async #openWith(start) {
    const mine = new AbortController();
    this.#opening = mine;
    const told = setTimeout(() => { asking.hidden = false; }, ASKING_TOLD_MS);
    try {
      const abilities = await start(mine.signal);
      this.#opening = null;
      this.#entry.open();
      app.toggleAttribute('data-camera-on', true);
      torch.hidden = !abilities.torch;
      torch.setAttribute('aria-pressed', 'false');
      switcher.hidden = !abilities.several;
      zoom.hidden = !abilities.zoom;
      if (abilities.zoom) Object.assign(zoom, abilities.zoom);
      // Not where the shutter is, but where the view is: the shutter is always there.
      scrollTo({ top: 0, behavior: 'instant' });
      shutter.focus({ preventScroll: true });
      this.#listener.onStarted();
      this.#camera.next();
    } catch (error) {
      // Who has called it off has said so already.
      if (!mine.signal.aborted) this.#fail(error);
    } finally {
      clearTimeout(told);
      if (this.#opening === null || this.#opening === mine) asking.hidden = true;
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    this.close();
    this.#listener.onFailed(isRefused(error) && isInstalled() ? new CameraRefusedInAppError(String(error)) : error);
  }

  /** Closes the camera, or ends the wait for it; tells nobody. */
  close() {
    this.#opening?.abort(new DOMException('called off', 'AbortError'));
    this.#opening = null;
    asking.hidden = true;
    this.#camera.stop();
    this.#entry.close();
    app.toggleAttribute('data-camera-on', false);
  }

  /** The visitor does not want the camera any more: by its button, Escape, Back, or another page. */
  stop() {
    if (!this.#camera.running && !this.#opening) return;
    this.close();
    this.#listener.onStopped();
  }

  /** Asks for one more frame. */
  next() {
    this.#camera.next();
  }

  /** The present moment at full size. @returns {Pixels} */
  still() {
    return this.#camera.still();
  }

  toggleTorch() {
    const on = torch.getAttribute('aria-pressed') !== 'true';
    this.#camera.apply({ torch: on }).then(
      () => torch.setAttribute('aria-pressed', String(on)),
      () => { torch.hidden = true; },
    );
  }
}
