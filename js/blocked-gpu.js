/** Remembers that a GPU's start has blocked its thread: for this build, and for 30 days at most. */

import { find } from './page.js';

const KEY = 'lentigo-blocked-gpu';
const DAYS_MS = 30 * 24 * 60 * 60 * 1000;
const build = find('meta[name=build]', HTMLMetaElement).content;

export const blockedGpu = {
  isRemembered() {
    try {
      const { build: then, at_ms } = JSON.parse(localStorage.getItem(KEY) ?? '{}');
      return then === build && Date.now() - at_ms < DAYS_MS;
    } catch {
      // Storage that is forbidden, or what another program has left there.
      return false;
    }
  },
  remember() {
    try {
      localStorage.setItem(KEY, JSON.stringify({ build, at_ms: Date.now() }));
    } catch {
      // Then it is found out again with the next visit.
    }
  },
};
