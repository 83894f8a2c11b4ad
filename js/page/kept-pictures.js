/** Pictures that are kept, as far as the page shows them: `<img data-blob="key">` gets its source here. */

/** @typedef {{blob: (key: string) => Promise<Uint8Array<ArrayBuffer>>}} Pictures */

/** The address of each picture that is shown. @type {Map<string, string>} */
const urls = new Map();
/** @type {() => Promise<Pictures>} */
let vault;

// Of hundreds in a list only those are read that somebody can see, or soon will.
const inView = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    inView.unobserve(target);
    void show(/** @type {HTMLImageElement} */ (target));
  }
}, { rootMargin: '50%' });

/** @param {HTMLImageElement} image */
async function show(image) {
  const key = String(image.dataset.blob);
  try {
    if (!urls.has(key)) {
      const bytes = await (await vault()).blob(key);
      urls.set(key, URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' })));
    }
    // It may show another one by now.
    if (image.dataset.blob === key) image.src = String(urls.get(key));
  } catch (error) {
    console.info('No picture.', error);
    if (image.dataset.blob === key) image.toggleAttribute('data-missing', true);
  }
}

/** @param {() => Promise<Pictures>} opened */
export function showKeptPictures(opened) {
  vault = opened;
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
    // What another spot's photo has left must not stand under this one's name.
    image.removeAttribute('src');
    image.removeAttribute('data-missing');
    inView.unobserve(image);
    inView.observe(image);
  }
}
