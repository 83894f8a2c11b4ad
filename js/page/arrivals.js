/** What the visitor brings: files that are chosen, dropped or pasted. */

import { filesOf, insteadOf } from './dropped.js';
import { find } from './find.js';
import { app } from './page.js';

/** @typedef {import('../shared/protocol.js').WireError} WireError */
/** @typedef {import('./photos.js').Photo} Photo */

const upload = find('[data-testid=upload]', HTMLInputElement);

/**
 * @param {(files: Photo[], replaces: number | null) => void} onFiles  `replaces` is a photo of the same spot
 * @param {(error: WireError) => void} onNothing  what came holds no file
 * @returns {(replaces: number | null) => void} asks for files, for the place of a photo or for none
 */
export function watchArrivals(onFiles, onNothing) {
  /** The photo that the files to be chosen shall replace. @type {number | null} */
  let replaced = null;
  /** A picture of the page itself that is dragged is no photo. */
  let draggedFromHere = false;

  /** @param {DataTransfer | null} transfer */
  function takeFrom(transfer) {
    if (!transfer) return;
    const files = filesOf(transfer);
    if (files.length) onFiles(files, null);
    else onNothing({ name: insteadOf(transfer), message: '', detail: transfer.types.join(', '), fault: '', values: {} });
  }

  upload.addEventListener('click', (event) => {
    // The visitor's own click is about another spot; the page's is about the one to be taken again.
    if (event.isTrusted) replaced = null;
  });
  upload.addEventListener('change', () => {
    const files = [...upload.files ?? []];
    if (files.length) onFiles(files, replaced);
    replaced = null;
    // So that choosing the same file again is a change again.
    upload.value = '';
  });
  document.addEventListener('paste', (event) => takeFrom(event.clipboardData));
  document.addEventListener('dragstart', () => { draggedFromHere = true; });
  document.addEventListener('dragend', () => { draggedFromHere = false; });
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    app.toggleAttribute('data-dragging', !draggedFromHere);
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) app.toggleAttribute('data-dragging', false);
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    app.toggleAttribute('data-dragging', false);
    if (!draggedFromHere) takeFrom(event.dataTransfer);
    // What was dragged may have been replaced meanwhile, and then its drag has no end.
    draggedFromHere = false;
  });

  return (replaces) => {
    replaced = replaces;
    upload.click();
  };
}
