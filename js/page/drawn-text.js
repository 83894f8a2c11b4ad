/** Text in the letters of the device, as a picture: for what the fonts of a PDF cannot write. */

/** @typedef {'normal' | 'bold'} Weight */

// Windows-1252, which the standard fonts of PDF have.
const PLAIN = /^[\n\x20-\x7e\xa0-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/;
// Pixels in a millimetre: 300 in an inch. Metrics are the same in every size.
const PX_PER_MM = 12;
const QUALITY = 0.92;

/** Whether the fonts of PDF can write it. @param {string} text */
export function isPlain(text) {
  return PLAIN.test(text);
}

/** @param {number} size @param {Weight} weight */
function fontOf(size, weight) {
  return `${weight} ${size * PX_PER_MM}px Helvetica, Arial, sans-serif`;
}

function context() {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) throw new Error('no canvas');
  return context;
}

/** Breaks a text into lines that are so wide. @param {string} text @param {number} width  mm, as is @param {number} size @param {Weight} weight */
export function wrapped(text, width, size, weight) {
  const measure = context();
  measure.font = fontOf(size, weight);
  const fits = (/** @type {string} */ line) => measure.measureText(line).width <= width * PX_PER_MM;
  /** @type {string[]} */
  const lines = [];
  let line = '';
  for (const word of text.split(/(?<=[ \n])/)) {
    if (line && !fits((line + word).trimEnd())) {
      lines.push(line.trimEnd());
      line = '';
    }
    // Some scripts have no spaces.
    for (const letter of fits(word.trimEnd()) ? [word] : word) {
      if (line && !fits((line + letter).trimEnd())) {
        lines.push(line.trimEnd());
        line = '';
      }
      line += letter;
    }
    if (word.endsWith('\n')) {
      lines.push(line.trimEnd());
      line = '';
    }
  }
  return [...lines, line.trimEnd()];
}

/**
 * Draws a line on white. @param {string} line
 * @param {{width: number, height: number, size: number, weight: Weight, colour: string}} how  lengths in mm
 * @returns {Uint8Array} a JPEG
 */
export function drawn(line, { width, height, size, weight, colour }) {
  const paper = context();
  const { canvas } = paper;
  canvas.width = Math.ceil(width * PX_PER_MM);
  canvas.height = Math.ceil(height * PX_PER_MM);
  paper.fillStyle = '#fff';
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.fillStyle = colour;
  paper.font = fontOf(size, weight);
  paper.textBaseline = 'top';
  paper.fillText(line, 0, (canvas.height - size * PX_PER_MM) / 2);
  const [, base64] = canvas.toDataURL('image/jpeg', QUALITY).split(',');
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
