/**
 * The service worker: keeps one build whole, so that the page works offline, and adds the headers
 * that let WebAssembly use threads. Why it is so: docs/decisions/0008-service-worker.md.
 */

/**
 * What `serve.py build` writes here: the sha256 of each file by its path. `files` are what an answer
 * needs; `extras` are kept too, but nothing waits for them; `alternatives` are model variants, kept
 * only once a page has asked for them. A checkout is no build: its `id` is empty.
 * @type {{id: string, files: Record<string, string>, extras: Record<string, string>, alternatives: Record<string, Record<string, string>>}}
 */
const BUILD = {"id": "", "files": {}, "extras": {}, "alternatives": {}};

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
// What is kept is decoded, and the same for every request. The host's other headers stay.
const OF_THE_TRANSFER = ['Content-Encoding', 'Content-Length', 'Vary'];
// Browsers take these files with these types only. Any other file is read as it is, whatever its
// type; but what comes as HTML is an error page.
/** @type {[path: RegExp, type: RegExp][]} */
const TYPES = [
  [/\.html$/, /^text\/html\b/],
  [/\.css$/, /^text\/css\b/],
  [/\.m?js$/, /^(text|application)\/(x-)?javascript\b/],
  [/\.wasm$/, /^application\/(wasm|octet-stream)\b/],
  [/\.svg$/, /^image\/svg\+xml\b/],
  [/(?:)/, /^(?!text\/html\b)/],
];
// A network that gives nothing for so long is none, for a page that waits for its first byte.
const HOST_ANSWERS_MS = 4_000;
const NAMED_BUILD = /<meta name="build" content="([^"]*)">/;

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
const extras = new Map(byUrl(BUILD.extras));
const known = new Map([...essential, ...extras, ...Object.values(BUILD.alternatives).flatMap(byUrl)]);
const index = new URL('index.html', scope).href;

/** @param {ArrayBuffer} data */
async function sha256(data) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} url @param {Response} response */
function isOfItsType(url, { headers }) {
  const [, type] = /** @type {[RegExp, RegExp]} */ (TYPES.find(([path]) => path.test(url)));
  return type.test((headers.get('Content-Type') ?? '').toLowerCase());
}

/**
 * What makes responses of a file as it is kept, if it is what the build says. A copy of a response would
 * hold its bytes until garbage is collected, and the page's process has this worker's too.
 * @param {string} url @param {Response} response @returns {Promise<(() => Response) | null>}
 */
async function proven(url, response) {
  const data = await response.arrayBuffer();
  if (response.status !== 200 || !isOfItsType(url, response)) return null;
  if ((await sha256(data)) !== known.get(url)) return null;
  const headers = new Headers(response.headers);
  for (const name of OF_THE_TRANSFER) headers.delete(name);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  return () => new Response(data, { headers });
}

/** A file from the host, or null if that has another; throws while there is no network or no answer. @param {string} url @returns {ReturnType<typeof proven>} */
async function download(url) {
  // What the page has just loaded comes from the browser's own cache, unless that is out of date.
  for (const cache of /** @type {RequestCache[]} */ (['default', 'reload'])) {
    // A host that sends us to another origin is not followed there.
    const response = await fetch(url, { mode: 'same-origin', priority: 'low', cache });
    if (response.status >= 500) throw new Error(`${url}: status ${response.status}`);
    const file = await proven(url, response);
    if (file) return file;
  }
  return null;
}

/** Downloads a file and keeps it; `refusal` says why it could not be kept. @param {string} url @returns {Promise<{file: (() => Response) | null, refusal: unknown}>} */
async function bring(url) {
  const file = await download(url);
  try {
    if (file) await (await caches.open(cacheName)).put(url, file());
    return { file, refusal: null };
  } catch (refusal) {
    return { file, refusal };
  }
}

/** @type {Map<string, ReturnType<typeof bring>>} */
const underway = new Map();

/** Brings a file, once for all who want it at the same time. @param {string} url */
async function obtain(url) {
  const shared = underway.get(url) ?? bring(url).finally(() => underway.delete(url));
  underway.set(url, shared);
  return shared;
}

/** A file of another build that is the same in this one. @param {string} url @param {Cache[]} others  caches of other builds */
async function copied(url, others) {
  for (const other of others) {
    const response = await other.match(url);
    const file = response && await proven(url, response);
    if (file) return file;
  }
  return null;
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

async function otherNames() {
  return (await caches.keys()).filter((name) => name.startsWith(ours) && name !== cacheName);
}

/** The host has no such file of this build. */
class NotOfThisBuild extends Error {}

/** Fills the cache, one file after another; throws where an answer would lack a file. */
async function fill() {
  const cache = await caches.open(cacheName);
  const others = await Promise.all((await otherNames()).map((name) => caches.open(name)));
  const held = await heldBy(cache);
  for (const [url] of [...essential, ...await alternativesInUse()]) {
    if (held.has(url)) continue;
    const copy = await copied(url, others);
    if (copy) {
      await cache.put(url, copy());
      continue;
    }
    const { file, refusal } = await obtain(url);
    if (refusal) throw refusal;
    if (!file) throw new NotOfThisBuild(`${url} is missing or not of build ${BUILD.id}`);
  }
}

async function install() {
  try {
    await fill();
  } catch (error) {
    // It goes on another time, but where the host lacks a file, or the room is the old build's.
    const full = error instanceof DOMException && error.name === 'QuotaExceededError';
    if (full || error instanceof NotOfThisBuild) await caches.delete(cacheName);
    throw error;
  }
}

/** Brings what is missing, extras too, and deletes nothing. Goes on another time where it cannot. */
async function repair() {
  if (!(await isUsable())) return;
  try {
    const cache = await caches.open(cacheName);
    const held = await heldBy(cache);
    for (const [url] of [...essential, ...extras, ...await alternativesInUse()]) {
      // The page may have had it brought in the meantime.
      if (held.has(url) || await cache.match(url)) continue;
      const { refusal } = await obtain(url);
      if (refusal) throw refusal;
    }
  } catch (error) {
    console.info('Not all is kept for offline use.', error);
  }
}

async function dropOthers() {
  await Promise.all((await otherNames()).map((name) => caches.delete(name)));
}

/** Whether the host has another build now. One that cannot be reached, or sends other people's pages, has none. */
async function isReplaced() {
  try {
    const signal = AbortSignal.timeout(HOST_ANSWERS_MS);
    const page = await fetch(index, { mode: 'same-origin', cache: 'no-cache', signal });
    const named = NAMED_BUILD.exec(await page.text());
    return named !== null && named[1] !== BUILD.id;
  } catch {
    return false;
  }
}

/**
 * Whether a page gets its files from the copy, and the host only adds what was lost. Browsers and
 * visitors can delete what was kept; if the host has another build by then, the page comes from
 * there altogether: it must not be made of two builds.
 */
async function isUsable() {
  try {
    const held = await heldBy(await caches.open(cacheName));
    return [...essential.keys()].every((url) => held.has(url)) || !(await isReplaced());
  } catch {
    return false;
  }
}

/** What was found for each page, and for each worker when it first asked. @type {Map<string, Promise<boolean>>} */
const usableFor = new Map();
/** @type {Promise<boolean> | null} */
let latest = null;

/** @param {FetchEvent} event @returns {Promise<boolean>} */
function usesCopy(event) {
  const arrives = event.request.mode === 'navigate';
  if (arrives) latest = isUsable();
  const client = arrives ? event.resultingClientId : event.clientId;
  const found = usableFor.get(client) ?? (latest ??= isUsable());
  if (client) usableFor.set(client, found);
  return found;
}

/** @param {string} url @returns {Promise<Response | undefined>} */
async function kept(url) {
  return (await caches.open(cacheName)).match(url);
}

/** @param {string} url @param {FetchEvent} event @returns {Promise<Response>} */
async function answer(url, event) {
  if (!(await usesCopy(event))) return fetch(event.request);
  const here = await kept(url).catch(() => undefined);
  if (here) return here;
  const { file } = await obtain(url).catch(() => ({ file: null }));
  return file?.() ?? Response.error();
}

worker.addEventListener('install', (event) => {
  // A checkout's worker only takes the place of an old build's, and then goes.
  event.waitUntil(BUILD.id ? install() : worker.skipWaiting());
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(BUILD.id ? dropOthers() : dropOthers().then(() => worker.registration.unregister()));
});

worker.addEventListener('message', (event) => {
  if (event.data?.kind === 'take-over') event.waitUntil(worker.skipWaiting());
  if (event.data?.kind === 'complete' && BUILD.id) event.waitUntil(repair());
});

worker.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname, search } = new URL(url);
  const page = mode === 'navigate';
  const wanted = origin + pathname === scope ? index : origin + pathname;
  // What is not of the build goes to the network as if there were no worker.
  if (method !== 'GET' || !known.has(wanted) || (search && !page)) return;
  event.respondWith(answer(wanted, event));
});
