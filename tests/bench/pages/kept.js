// Runs in the page before its own scripts: what fills a store, and how long a screen takes to be there.

{
  const frame = () => new Promise((done) => { requestAnimationFrame(done); });
  /** @param {string} text  base64 */
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  /** @type {Record<string, Uint8Array<ArrayBuffer>>} */
  const drawn = {};
  /** @type {any} */
  let vault;

  /** The pictures in view, which are read only then. */
  const inView = () => [...document.querySelectorAll('.kept img')].filter((image) => {
    const { top, bottom, width } = image.getBoundingClientRect();
    return width && top < innerHeight && bottom > 0;
  });

  /** @param {() => boolean} isThere */
  async function until(isThere) {
    while (!isThere()) await frame();
  }

  const kept = {
    /**
     * Writes through the vault's own door. `pictures` are base64 by name, and stay for the next time.
     * @param {{puts: object[], pictures: Record<string, string>, blobs: [string, string][]}} given
     */
    async fill({ puts, pictures, blobs }) {
      for (const [name, text] of Object.entries(pictures)) drawn[name] = bytesOf(text);
      vault ??= (await import(new URL('js/page/vault.js', document.baseURI).href)).openVault();
      await vault.write({ puts, blobs: blobs.map(([key, name]) => ({ key, bytes: drawn[name].slice() })), deletes: [] });
    },

    /**
     * Goes to a screen; the milliseconds until it is there, and until its pictures in view are.
     * @param {{hash: string, wanted: string, count: number}} given @returns {Promise<[number, number]>}
     */
    async timed({ hash, wanted, count }) {
      const start_ms = performance.now();
      location.hash = hash;
      await until(() => document.querySelectorAll(wanted).length >= count);
      const there_ms = performance.now() - start_ms;
      await until(() => inView().every((image) => image instanceof HTMLImageElement && image.complete && image.naturalWidth > 0));
      return [there_ms, performance.now() - start_ms];
    },

    /**
     * Presses a button; the milliseconds until what it leads to is there.
     * @param {{button: string, wanted: string}} given
     */
    async pressed({ button, wanted }) {
      const start_ms = performance.now();
      /** @type {HTMLElement} */ (document.querySelector(button)).click();
      await until(() => document.querySelector(wanted) !== null);
      return performance.now() - start_ms;
    },
  };
  Object.assign(globalThis, { kept });
}
