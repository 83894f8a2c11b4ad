/**
 * The service worker: keeps one build whole, so that the page works offline, and adds the headers
 * that let WebAssembly use threads. Why it is so: docs/decisions/0008-service-worker.md.
 */

/**
 * What `serve.py build` writes here: the sha256 of each file by its path. `alternatives` are model
 * variants, kept only once a page has asked for them. A checkout is no build: its `id` is empty.
 * @type {{id: string, files: Record<string, string>, alternatives: Record<string, Record<string, string>>}}
 */
const BUILD = {"id": "", "files": {}, "alternatives": {}};

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
// What is kept is decoded, and the same for every request. The host's other headers stay.
const OF_THE_TRANSFER = ['Content-Encoding', 'Content-Length', 'Vary'];

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { scope } = worker.registration;
// Other pages of this origin have caches too; so may another Lentigo, under another path.
const ours = `lentigo-${new URL(scope).pathname}#`;
const cacheName = ours + BUILD.id;

/** @param {Record<string, string>} files @returns {[url: string, sha256: string][]} */
function byUrl(files) {
  return Object.entries(files).map(([path, hash]) => [new URL(path, scope).href, hash]);
}

const essential = new Map(byUrl(BUILD.files));
const known = new Map([...essential, ...Object.values(BUILD.alternatives).flatMap(byUrl)]);
const index = new URL('index.html', scope).href;

/** @param {ArrayBuffer} data */
async function sha256(data) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Keeps a response if it is what the build says. @param {Cache} cache @param {string} url @param {Response} response @returns {Promise<boolean>} whether it is */
async function keep(cache, url, response) {
  const data = await response.arrayBuffer();
  if (!response.ok || (await sha256(data)) !== known.get(url)) return false;
  const headers = new Headers(response.headers);
  for (const name of OF_THE_TRANSFER) headers.delete(name);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  await cache.put(url, new Response(data, { headers }));
  return true;
}

/** Copies a file from another build, or downloads it. @param {Cache} cache @param {string} url @param {Cache[]} others  caches of other builds */
async function obtain(cache, url, others) {
  for (const other of others) {
    const response = await other.match(url);
    if (response && (await keep(cache, url, response))) return;
  }
  // What the page has just loaded comes from the browser's own cache, unless that is out of date.
  if (await keep(cache, url, await fetch(url, { priority: 'low' }))) return;
  if (await keep(cache, url, await fetch(url, { priority: 'low', cache: 'reload' }))) return;
  throw new Error(`${url} is missing or not of build ${BUILD.id}`);
}

/** @param {Cache} cache */
async function heldBy(cache) {
  return new Set((await cache.keys()).map(({ url }) => url));
}

/** The files of the model variants that open pages have asked for. */
async function alternativesInUse() {
  const pages = await worker.clients.matchAll({ includeUncontrolled: true });
  const variants = new Set(pages.map(({ url }) => new URL(url).searchParams.get('model') ?? ''));
  return [...variants].flatMap((variant) => byUrl(BUILD.alternatives[variant] ?? {}));
}

/** Completes the cache, one file after another; throws, and leaves no cache, where it cannot. */
async function fill() {
  try {
    const cache = await caches.open(cacheName);
    const names = (await caches.keys()).filter((other) => other.startsWith(ours) && other !== cacheName);
    const others = await Promise.all(names.map((other) => caches.open(other)));
    const held = await heldBy(cache);
    for (const [url] of [...essential, ...await alternativesInUse()]) {
      if (!held.has(url)) await obtain(cache, url, others);
    }
  } catch (error) {
    await caches.delete(cacheName);
    throw error;
  }
}

async function dropOthers() {
  const names = (await caches.keys()).filter((other) => other.startsWith(ours) && other !== cacheName);
  await Promise.all(names.map((other) => caches.delete(other)));
}

/** Whether the present page gets its files from the cache. @type {Promise<boolean> | null} */
let whole = null;

/** Browsers and visitors can delete what was kept; a page must not be made of two builds. */
async function isWhole() {
  const held = await heldBy(await caches.open(cacheName));
  return [...essential.keys()].every((url) => held.has(url));
}

/** @param {string} url @param {FetchEvent} event @returns {Promise<Response>} */
async function answer(url, event) {
  if (!(await (whole ??= isWhole().catch(() => false)))) {
    if (event.request.mode === 'navigate') event.waitUntil(fill());
    return fetch(event.request);
  }
  const cache = await caches.open(cacheName);
  const kept = await cache.match(url);
  if (kept) return kept;
  // An alternative, asked for the first time.
  const response = await fetch(event.request);
  event.waitUntil(keep(cache, url, response.clone()));
  return response;
}

worker.addEventListener('install', (event) => {
  // A checkout's worker only takes the place of an old build's, and then goes.
  event.waitUntil(BUILD.id ? fill() : worker.skipWaiting());
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(BUILD.id ? dropOthers() : dropOthers().then(() => worker.registration.unregister()));
});

worker.addEventListener('message', (event) => {
  if (event.data?.kind === 'take-over') event.waitUntil(worker.skipWaiting());
});

worker.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname, search } = new URL(url);
  const page = mode === 'navigate';
  const wanted = origin + pathname === scope ? index : origin + pathname;
  // What is not of the build goes to the network as if there were no worker.
  if (method !== 'GET' || !known.has(wanted) || (search && !page)) return;
  if (page) whole = null;
  event.respondWith(answer(wanted, event));
});
