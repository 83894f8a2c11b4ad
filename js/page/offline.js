/**
 * Offline use: once the start is over, registers the service worker of a build, has it bring what it
 * lacks, and tells when a newer build waits.
 *
 * Where there is no worker (a checkout, a private window, a browser that forbids it), the page
 * works online as it is.
 */

import { find } from './find.js';
import { announcer, app } from './page.js';
import { words } from './words.js';

const build = find('meta[name=build]', HTMLMetaElement).content;
const notice = find('[data-testid=update]', HTMLElement);
const reload = find('[data-testid=update-now]', HTMLButtonElement);
const later = find('[data-testid=update-later]', HTMLButtonElement);

function tell() {
  if (!notice.hidden) return;
  notice.hidden = false;
  const loses = ['result', 'rejected'].includes(app.dataset.state ?? '');
  announcer.textContent = loses ? `${words('page.update')} ${words('page.update.loss')}` : words('page.update');
}

/** @param {ServiceWorkerRegistration} registration */
function takeOver({ waiting }) {
  // Another tab may have let it take over already.
  if (!waiting) {
    location.reload();
    return;
  }
  // Redundant: a still newer one came between, and the page is told of that.
  waiting.addEventListener('statechange', () => {
    if (['activated', 'redundant'].includes(waiting.state)) location.reload();
  });
  waiting.postMessage({ kind: 'take-over' });
}

/** What an answer needs is there; the rest can take its time. @param {ServiceWorker} worker */
function complete(worker) {
  worker.postMessage({ kind: 'complete' });
}

/** @param {ServiceWorkerRegistration} registration */
function watch(registration) {
  /** @param {ServiceWorker | null} worker */
  const follow = (worker) => worker?.addEventListener('statechange', () => {
    // The first build has nothing to replace.
    if (worker.state === 'installed' && registration.active) tell();
    if (worker.state === 'activated') complete(worker);
  });
  // What was lost since the last visit comes again.
  if (registration.active) complete(registration.active);
  if (registration.waiting && registration.active) tell();
  follow(registration.installing);
  registration.addEventListener('updatefound', () => follow(registration.installing));
  // Browsers look for a new build at each load; an installed app can stay open for weeks.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) registration.update().catch(() => {});
  });
  // A visitor's wish in another tab: this one still shows the old version.
  navigator.serviceWorker.addEventListener('controllerchange', tell);
  reload.addEventListener('click', () => takeOver(registration));
  later.addEventListener('click', () => { notice.hidden = true; });
}

async function register() {
  try {
    watch(await navigator.serviceWorker.register('sw.js'));
  } catch (error) {
    console.info('Not kept for offline use.', error);
  }
}

/** Resolves when the start is over, so that nothing competes with it. */
async function started() {
  if (app.dataset.boot !== 'pending') return;
  await new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      resolve(undefined);
    });
    observer.observe(app, { attributeFilter: ['data-boot'] });
  });
}

if (build) {
  await started();
  await register();
}
