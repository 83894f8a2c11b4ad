/** Pictures that are kept, as far as the page shows them: `<img data-blob="key">` gets its source here. */

/** The address of each picture that is shown. @type {Map<string, string>} */
const urls = new Map();

/** @param {() => Promise<{blob: (key: string) => Promise<Uint8Array<ArrayBuffer>>}>} vault */
export async function showKeptPictures(vault) {
  const images = /** @type {NodeListOf<HTMLImageElement>} */ (document.querySelectorAll('img[data-blob]'));
  const wanted = new Set([...images].map((image) => String(image.dataset.blob)));
  for (const [key, url] of urls) {
    if (wanted.has(key)) continue;
    URL.revokeObjectURL(url);
    urls.delete(key);
  }
  for (const image of images) {
    const key = String(image.dataset.blob);
    if (image.dataset.shown === key) continue;
    image.dataset.shown = key;
    try {
      if (!urls.has(key)) {
        const bytes = await (await vault()).blob(key);
        urls.set(key, URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' })));
      }
      // It may show another one by now.
      if (image.dataset.blob === key) image.src = String(urls.get(key));
    } catch (error) {
      console.info('No picture.', error);
      image.toggleAttribute('data-missing', true);
    }
  }
}
