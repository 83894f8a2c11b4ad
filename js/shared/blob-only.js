/**
 * The first import of each worker of ours: the worker ends at once when it was started from a URL.
 * Such a worker is not bound by the page's policy, and would answer whoever started it.
 */

if (location.protocol !== 'blob:') {
  self.close();
  throw new Error('This worker is started from a blob.');
}
