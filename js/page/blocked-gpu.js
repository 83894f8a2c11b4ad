/** Remembers that a GPU's start has blocked its thread: for this build, and for 30 days at most. */

const KEY = 'lentigo-blocked-gpu';
const DAYS_MS = 30 * 24 * 60 * 60 * 1000;

function build() {
  return document.querySelector('meta[name=build]')?.getAttribute('content') ?? '';
}

export function isGpuBlocked() {
  try {
    const seen = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return seen.build === build() && Date.now() - seen.at_ms < DAYS_MS;
  } catch {
    // Storage that is forbidden, or what another program has left there.
    return false;
  }
}

export function rememberBlockedGpu() {
  try {
    localStorage.setItem(KEY, JSON.stringify({ build: build(), at_ms: Date.now() }));
  } catch {
    // Then it is found out again with the next visit.
  }
}
