/**
 * The camera on the main thread: preview, frames for Python, stills, torch, zoom, switching.
 *
 * The preview is the browser's own video element, so it never waits for Python. Frames go out one
 * at a time: `next()` asks for the one after, once the last was answered.
 */

import { within } from '../shared/within.js';

// The model sees 224 px; 640 leaves room for the crop. A still keeps what the page can show.
const FRAME_SIDE_PX = 640;
const STILL_SIDE_PX = 1280;
// Ten to fifteen gauges a second feel immediate; more would take the cores from the model.
const FRAME_INTERVAL_MS = 66;
const START_LIMIT_MS = 30_000;
// The browser's question can be overlooked, or be hidden behind another window.
const PERMISSION_LIMIT_MS = 60_000;
// A camera that gives no frame for so long stands still, whatever the reason.
const STALL_MS = 2_000;

/** @typedef {{rgba: Uint8ClampedArray, width: number, height: number}} Pixels */
/** @typedef {{min: string, max: string, step: string, value: string}} Zoom  as an input for a range takes it */
/** @typedef {{torch: boolean, zoom: Zoom | null, several: boolean}} Abilities */

/** A rejection of getUserMedia, or the camera going away. */
class CameraError extends Error {
  name = 'CameraError';
}

/** The browser does not let the page see; the name is one of `lentigo/errors.py`. */
class HiddenPixelsError extends Error {
  name = 'HiddenPixelsError';
}

// Some browsers change the last bits of what is read; that is far below what any gauge notices.
const TRUE_WITHIN = 4;
const KNOWN = [23, 94, 171];

/**
 * Fails where a browser gives noise in place of pixels, so that pages cannot tell one device from
 * another (Firefox's resistFingerprinting, Tor Browser). Paints a known colour and reads it back.
 */
export function seePixels() {
  const context = readableContext();
  Object.assign(context.canvas, { width: 8, height: 8 });
  context.fillStyle = `rgb(${KNOWN})`;
  context.fillRect(0, 0, 8, 8);
  const { data } = context.getImageData(0, 0, 8, 8);
  if (data.some((level, i) => i % 4 < 3 && Math.abs(level - KNOWN[i % 4]) > TRUE_WITHIN)) {
    throw new HiddenPixelsError('a known colour was read back as another');
  }
}

/**
 * Draws a picture's pixels at true aspect, its longer side at most `side`.
 * @param {CanvasImageSource} source @param {number} width @param {number} height @param {number} side
 * @param {CanvasRenderingContext2D} context @returns {Pixels}
 */
export function readPixels(source, width, height, side, context) {
  const scale = Math.min(1, side / Math.max(width, height));
  const { canvas } = context;
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return { rgba: data, width: canvas.width, height: canvas.height };
}

/** A 2D context whose pixels lie where they can be read. @returns {CanvasRenderingContext2D} */
export function readableContext() {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new CameraError('This browser gives no canvas to read pixels from.');
  return context;
}

/**
 * The lower end comes first, and the value last: a range keeps each within what it has by then.
 * @param {{min: number, max: number, step?: number}} offered  WebKit names no step
 * @param {number} [value]  of now @returns {Zoom}
 */
function zoomOf({ min, max, step }, value = min) {
  return { min: String(min), max: String(max), step: step ? String(step) : 'any', value: String(value) };
}

/** @param {MediaStream} stream */
function stopTracks(stream) {
  stream.getTracks().forEach((track) => track.stop());
}

/** The stream, unless the visitor does not answer the browser's question. @param {Promise<MediaStream>} asked */
async function streamWithin(asked) {
  try {
    return await within(asked, PERMISSION_LIMIT_MS, () => new DOMException('no answer to the question', 'NotAllowedError'));
  } catch (error) {
    asked.then(stopTracks, () => {});
    throw error;
  }
}

export class Camera {
  #video;
  #onFrame;
  #onLost;
  /** @type {MediaStream | null} */
  #stream = null;
  #context = readableContext();
  #onStall;
  #sent_ms = 0;
  #waiting = 0;
  #stall = 0;

  /**
   * @param {HTMLVideoElement} video
   * @param {(pixels: Pixels, captured_ms: number) => void} onFrame
   * @param {(error: Error) => void} onLost  the device went away
   * @param {() => void} onStall  no more frames come, for now
   */
  constructor(video, onFrame, onLost, onStall) {
    this.#video = video;
    this.#onFrame = onFrame;
    this.#onLost = onLost;
    this.#onStall = onStall;
  }

  get running() {
    return this.#stream !== null;
  }

  /**
   * Opens the rear camera, or the given one. A stream that comes after `signal` was aborted is
   * stopped at once, and so is one that comes too late.
   * @param {AbortSignal} signal @param {string} [deviceId] @returns {Promise<Abilities>}
   */
  async start(signal, deviceId) {
    signal.throwIfAborted();
    this.stop();
    seePixels();
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new DOMException('The camera needs a page served over HTTPS.', 'NotFoundError');
    }
    const choice = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: 'environment' } };
    const video = { ...choice, width: { ideal: 1280 }, height: { ideal: 960 } };
    const stream = await streamWithin(navigator.mediaDevices.getUserMedia({ video, audio: false }));
    if (signal.aborted) {
      stopTracks(stream);
      throw signal.reason;
    }
    this.#stream = stream;
    const track = stream.getVideoTracks()[0];
    track.addEventListener('ended', () => {
      if (this.#stream === stream) {
        this.stop();
        this.#onLost(new DOMException('The camera was disconnected.', 'NotReadableError'));
      }
    });
    track.addEventListener('mute', () => {
      if (this.#stream === stream) this.#onStall();
    });
    this.#video.srcObject = stream;
    const late = () => new DOMException('The camera gave no picture.', 'AbortError');
    try {
      const playing = this.#video.play().then(() => this.#abilities(track));
      const abilities = await within(playing, START_LIMIT_MS, late);
      signal.throwIfAborted();
      return abilities;
    } catch (error) {
      if (this.#stream === stream) this.stop();
      stopTracks(stream);
      throw error;
    }
  }

  /** @param {MediaStreamTrack} track @returns {Promise<Abilities>} */
  async #abilities(track) {
    const offers = /** @type {any} */ (track.getCapabilities?.() ?? {});
    const settings = /** @type {any} */ (track.getSettings());
    const devices = await navigator.mediaDevices.enumerateDevices();
    return {
      torch: Boolean(offers.torch),
      zoom: offers.zoom ? zoomOf(offers.zoom, settings.zoom) : null,
      several: devices.filter((device) => device.kind === 'videoinput').length > 1,
    };
  }

  /** Opens the camera after the present one, in the browser's order. @param {AbortSignal} signal */
  async switch(signal) {
    const devices = (await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === 'videoinput');
    const present = this.#stream?.getVideoTracks()[0].getSettings().deviceId;
    const index = devices.findIndex((device) => device.deviceId === present);
    return this.start(signal, devices[(index + 1) % devices.length]?.deviceId);
  }

  /** @param {{torch?: boolean, zoom?: number}} setting */
  async apply(setting) {
    const constraint = /** @type {any} */ ({ advanced: [setting] });
    await this.#stream?.getVideoTracks()[0].applyConstraints(constraint);
  }

  stop() {
    this.#video.cancelVideoFrameCallback?.(this.#waiting);
    clearTimeout(this.#stall);
    if (this.#stream) stopTracks(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
  }

  /** Asks for one more frame, not sooner than `FRAME_INTERVAL_MS` after the last. */
  next() {
    const video = this.#video;
    const stream = this.#stream;
    if (!stream) return;
    // One frame is asked for at a time, whoever asks.
    video.cancelVideoFrameCallback?.(this.#waiting);
    clearTimeout(this.#stall);
    this.#stall = setTimeout(this.#onStall, STALL_MS);
    this.#await(stream);
  }

  /** @param {MediaStream} stream */
  #await(stream) {
    const video = this.#video;
    const grab = () => {
      if (this.#stream !== stream) return;
      // What a muted track shows is not what is before the camera.
      if (stream.getVideoTracks()[0].muted || performance.now() - this.#sent_ms < FRAME_INTERVAL_MS) {
        this.#await(stream);
        return;
      }
      clearTimeout(this.#stall);
      this.#sent_ms = performance.now();
      const captured_ms = performance.timeOrigin + this.#sent_ms;
      this.#onFrame(readPixels(video, video.videoWidth, video.videoHeight, FRAME_SIDE_PX, this.#context), captured_ms);
    };
    // A browser without frame callbacks (older Firefox) gets the next animation frame.
    if (video.requestVideoFrameCallback) this.#waiting = video.requestVideoFrameCallback(grab);
    else requestAnimationFrame(grab);
  }

  /** The present moment at full size. @returns {Pixels} */
  still() {
    const { videoWidth, videoHeight } = this.#video;
    return readPixels(this.#video, videoWidth, videoHeight, STILL_SIDE_PX, readableContext());
  }
}
