/** What the visitor brings: files that are chosen, dropped or pasted. */

import { filesOf, insteadOf } from './dropped.js';
import { find } from './find.js';
import { app } from './page.js';
import { ANOTHER_SPOT } from '../shared/protocol.js';

/** @typedef {import('../shared/protocol.js').Place} Place */
/** @typedef {import('../shared/protocol.js').WireError} WireError */
/** @typedef {import('./photos.js').Photo} Photo */

const upload = find('[data-testid=upload]', HTMLInputElement);

/**
 * @param {(files: Photo[], place: Place) => void} onFiles
 * @param {(error: WireError) => void} onNothing  what came holds no file
 * @returns {(place: Place) => void} asks for files
 */
export function watchArrivals(onFiles, onNothing) {
  /** Of the files to be chosen. */
  let place = ANOTHER_SPOT;
  /** A picture of the page itself that is dragged is no photo. */
  let draggedFromHere = false;

  /** @param {DataTransfer | null} transfer */
  function takeFrom(transfer) {
    if (!transfer) return;
    const files = filesOf(transfer);
    if (files.length) onFiles(files, ANOTHER_SPOT);
    else onNothing({ name: insteadOf(transfer), message: '', detail: transfer.types.join(', '), fault: '', values: {} });
  }

  upload.addEventListener('click', (event) => {
    // The visitor's own click is about another spot; the page's is about the one that is shown.
    if (event.isTrusted) place = ANOTHER_SPOT;
  });
  upload.addEventListener('change', () => {
    const files = [...upload.files ?? []];
    if (files.length) onFiles(files, place);
    place = ANOTHER_SPOT;
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

  return (wanted) => {
    place = wanted;
    upload.click();
  };
}
