/**
 * What the visitor hears and feels while aiming: a local voice, and a short vibration.
 *
 * Only voices of this device speak; another one would send the words away.
 */

/** @typedef {import('../shared/protocol.js').Cue} Cue */

/** Lengths in ms: on, off, on, … @type {Record<Exclude<Cue, ''>, number[]>} */
const VIBRATION = { good: [20], taken: [60], refused: [30, 60, 30] };

let speaking = false;

/** @returns {SpeechSynthesisVoice | undefined} the local voice of the page's language */
function localVoice() {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  return voices.find((voice) => voice.localService && voice.lang.startsWith(document.documentElement.lang));
}

/** Calls `tell` with whether a local voice is there, now and whenever that changes. @param {(there: boolean) => void} tell */
export function watchVoices(tell) {
  tell(localVoice() !== undefined);
  // Some browsers have voices that tell of no change.
  globalThis.speechSynthesis?.addEventListener?.('voiceschanged', () => tell(localVoice() !== undefined));
}

/** @param {boolean} on */
export function setSpeaking(on) {
  speaking = on;
  if (!on) globalThis.speechSynthesis?.cancel();
}

/** Says the words in place of those before, if that is wanted. @param {string} words */
export function speak(words) {
  const voice = localVoice();
  if (!speaking || !voice) return;
  const utterance = new SpeechSynthesisUtterance(words);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(utterance);
}

/** Browsers complain of a page that shakes the device before it was touched. @param {Cue} cue */
export function vibrate(cue) {
  if (cue && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(VIBRATION[cue]);
}
