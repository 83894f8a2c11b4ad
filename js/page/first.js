/**
 * The first script: says in words that the page cannot start. It needs nothing that an old browser
 * lacks, neither modules nor storage nor the other scripts, so it is a classic script in the syntax
 * of 2009 (ECMAScript 5), and it calls nothing of ours. It stands below what the page shows, which
 * does not wait for it.
 */

/**
 * A sentence without values, from the page's own copy of the catalogue; the other scripts have
 * words.js for it.
 * @param {string} key @returns {string}
 */
function words(key) {
  try {
    var block = document.getElementById('words');
    return JSON.parse(block && block.textContent || '').messages[key] || '';
  } catch (error) {
    return ''; // the page has come in part: its own heading must do
  }
}

/**
 * Tells the visitor that the page cannot start, or cannot go on: the one way in which that is told.
 * A start that succeeds after all takes it back.
 * @param {string} told  what happened and what to do, whole sentences; none: what was said stands
 * @param {unknown} [cause]  for the developer
 */
function failStart(told, cause) {
  /** Storage that is forbidden throws when it is touched; PyScript needs it, and fails in odd ways. */
  function storageForbidden() {
    try {
      window.localStorage.getItem('');
      new BroadcastChannel('lentigo').close();
      return !window.indexedDB;
    } catch (error) {
      return true;
    }
  }

  if (storageForbidden()) {
    told = words('page.failure.storage');
  }
  if (window.console && console.warn) console.warn(told, cause);
  function tell() {
    var body = document.body;
    var message = document.querySelector('[data-boot-message]');
    var announcer = document.querySelector('[data-announcer]');
    var answer = document.querySelector('[data-region=answer]');
    body.setAttribute('data-boot', 'failed');
    body.setAttribute('data-state', 'error');
    var sentences = told && told + ' ' + words('page.failure.do-not-wait');
    // No answer is shown together with an error.
    if (answer) answer.textContent = '';
    if (message && sentences) message.textContent = sentences;
    if (announcer && message) announcer.textContent = message.textContent;
  }
  tell();
}

(function () {
  // An error that nobody has caught; the start may still get over it.
  var FAULT_LIMIT_MS = 5000;
  // From the moment when all that the page names has arrived; the page's program runs by then.
  var PROGRAM_LIMIT_MS = 5000;

  var faulty = false;

  function pending() {
    return document.body.getAttribute('data-boot') === 'pending';
  }

  /** @param {string} told @param {unknown} cause */
  function fail(told, cause) {
    if (pending()) failStart(told, cause);
  }

  /** @param {unknown} cause */
  function onFault(cause) {
    if (faulty || !pending()) return;
    faulty = true;
    setTimeout(function () {
      fail(words('page.failure.fault'), cause);
    }, FAULT_LIMIT_MS);
  }

  window.addEventListener('error', function (event) {
    var target = event.target;
    if (target instanceof HTMLScriptElement) fail(words('page.failure.connection'), target.src);
    else if (event.message) onFault(event.message);
  }, true);
  window.addEventListener('unhandledrejection', function (event) {
    onFault(event.reason);
  });

  // The host marks the page once its program runs; a module that does not parse runs nothing.
  window.addEventListener('load', function () {
    setTimeout(function () {
      if (!document.body.hasAttribute('data-program')) fail(words('page.failure.fault'), 'the program has not run');
    }, PROGRAM_LIMIT_MS);
  });

  document.addEventListener('click', function (event) {
    var node = /** @type {Node | null} */ (event.target);
    while (node && !(node instanceof Element && node.getAttribute('data-action') === 'reload')) node = node.parentNode;
    if (node) location.reload();
  });

  if (!('noModule' in document.createElement('script'))) fail(words('page.failure.browser'), 'no modules');
  else if (typeof WebAssembly !== 'object') fail(words('page.failure.compiler'), 'no WebAssembly');
}());
