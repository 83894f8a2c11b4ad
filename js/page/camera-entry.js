/**
 * The open camera's entry in the history, so that Back closes the camera.
 *
 * Going back takes the browser a moment. What happens meanwhile only notes what is wanted, and the
 * history is brought in line once it has gone back.
 */

/** @returns {boolean} whether the present entry is that of a camera, open or not */
function isHere() {
  return Boolean(history.state?.camera);
}

export class CameraEntry {
  #open = false;
  #leaving = false;
  #onBack;

  /** @param {() => void} onBack  the visitor went back while the camera was open */
  constructor(onBack) {
    this.#onBack = onBack;
    addEventListener('popstate', () => this.#arrive());
    // A page that is hidden must not move in the history: it may be about to go.
    document.addEventListener('visibilitychange', () => this.#settle());
    // A page that is reloaded finds its entry again, but no camera.
    this.#settle();
  }

  open() {
    this.#open = true;
    this.#settle();
  }

  close() {
    this.#open = false;
    this.#settle();
  }

  #arrive() {
    const asked = this.#leaving;
    this.#leaving = false;
    if (this.#open && !isHere() && !asked) this.#onBack();
    this.#settle();
  }

  #settle() {
    if (this.#leaving || document.hidden) return;
    if (this.#open && !isHere()) history.pushState({ camera: true }, '');
    // Also an entry that was reached by Forward.
    if (!this.#open && isHere()) {
      this.#leaving = true;
      history.back();
    }
  }
}
