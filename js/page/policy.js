/**
 * The second half of the page's policy: what cannot be written into its head, because it depends on
 * where the page lies, or because no policy says it. It runs before every other script, our own and
 * those of others, and needs nothing that an old browser lacks (ECMAScript 5).
 * What it closes, and what stays open: docs/privacy.md.
 */

(function () {
  // A worker from a URL has no policy of its own, so no file of others may become one. These hold
  // the modules of our workers, which are started from blobs; each ends at once when it is not.
  var OF_WORKERS = ['js/engine/', 'js/python/', 'js/shared/', 'js/vault/', 'vendor/backup/', 'vendor/idb/', 'vendor/tfjs/', 'sw.js'];
  var folder = location.href.replace(/[?#].*$/, '').replace(/[^/]*$/, '');

  /** @param {string} content */
  function demand(content) {
    var policy = document.createElement('meta');
    policy.httpEquiv = 'Content-Security-Policy';
    policy.content = content;
    document.head.appendChild(policy);
  }

  /**
   * Another page could lay itself over ours, and have the visitor press what it wants: in a frame no
   * script runs, and a link is all that there is.
   */
  function refuseFrame() {
    demand("script-src 'none'");
    document.addEventListener('DOMContentLoaded', function () {
      var link = /** @type {HTMLAnchorElement} */ (document.querySelector('[data-framed]'));
      link.href = location.href;
      link.hidden = false;
      document.body.textContent = '';
      document.body.appendChild(link);
    });
  }

  /** A policy cannot name a host by its IPv6 address. */
  function holdWorkers() {
    if (location.hostname.charAt(0) === '[') return;
    var sources = OF_WORKERS.map(function (path) {
      return (folder + path).replace(/;/g, '%3B').replace(/,/g, '%2C');
    });
    demand('worker-src blob: ' + sources.join(' '));
  }

  /**
   * No script leads the page to another origin; the visitor may follow a link there. It is told
   * where the browser has the Navigation API.
   */
  function holdNavigation() {
    var navigation = /** @type {any} */ (window).navigation;
    if (!navigation) return;
    navigation.addEventListener('navigate', function (/** @type {any} */ event) {
      var target = event.destination.url;
      var ours = target.indexOf(location.origin + '/') === 0 || target.indexOf('blob:' + location.origin + '/') === 0;
      if (!ours && !event.userInitiated && event.cancelable) event.preventDefault();
    });
  }

  // Their packets pass by every policy. Workers have none.
  function dropPeers() {
    ['RTCPeerConnection', 'webkitRTCPeerConnection'].forEach(function (name) {
      delete (/** @type {any} */ (window))[name];
    });
  }

  if (window.top !== window.self) refuseFrame();
  holdWorkers();
  holdNavigation();
  dropPeers();
}());
