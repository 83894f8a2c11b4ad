/**
 * Sets a report as a PDF of one A4 page, with real text. Python has decided what stands in it
 * (py/app/keep/report.py); here is only how it looks. Loaded with the first report.
 */

import { jsPDF } from '../../vendor/jspdf/jspdf.js';

/** @typedef {import('../shared/protocol.js').Report} Report */
/** @typedef {import('../shared/protocol.js').Section} Section */
/** @typedef {'normal' | 'bold'} Weight */

// Lengths are millimetres. Headings and the picture stand in a column of their own.
const WIDTH = 210, HEIGHT = 297, MARGIN = 16, ASIDE = 52, GUTTER = 6;
const RIGHT = WIDTH - MARGIN, TEXT = MARGIN + ASIDE + GUTTER;
const MM_PER_POINT = 25.4 / 72;
const LEADING = 1.32;
const WRITTEN = 0.98;
// A doctor writes in lines so far apart, and wants a few of them.
const WRITING_LINE = 8.5, LEAST_LINES = 4;
// The text is set as large as leaves that room, in points.
const SIZES_PT = [10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6, 5.5, 5];
const INK = '#1c2426', SOFT = '#4d5a5e', LINE = '#b9b4a8', ACCENT = '#0f5f66';

/** @param {Report} report @returns {Blob} */
export function pdfOf(report) {
  for (const size_pt of SIZES_PT) {
    const sheet = new Sheet(report, size_pt);
    if (sheet.lines >= LEAST_LINES) return sheet.finished();
  }
  throw new Error('the report does not fit its page');
}

/** One try at the page, in one size of text. */
class Sheet {
  #doc = new jsPDF({ format: 'a4', unit: 'mm', compress: true });
  #report;
  #size_pt;
  #y = MARGIN;
  #pictureAt = 0;

  /** @param {Report} report @param {number} size_pt */
  constructor(report, size_pt) {
    this.#report = report;
    this.#size_pt = size_pt;
    this.#doc.setProperties({ title: report.title, creator: 'Lentigo' });
    this.#doc.setLanguage(/** @type {'en'} */ (report.language));
    this.#head();
    this.#pictureAndAdvice();
    report.sections.forEach((section) => this.#section(section));
  }

  /** How many lines are left to write on. */
  get lines() {
    return Math.floor((this.#bottom - this.#y - this.#height(1.2)) / WRITING_LINE);
  }

  /** Where the foot begins. */
  get #bottom() {
    return HEIGHT - MARGIN - this.#height(0.8) * this.#split(this.#report.foot, RIGHT - MARGIN, 0.8).length;
  }

  finished() {
    const { note, foot, picture } = this.#report;
    if (picture.length) this.#doc.addImage(picture, 'JPEG', MARGIN, this.#pictureAt, ASIDE, ASIDE);
    this.#doc.setDrawColor(LINE).setLineWidth(0.2).line(MARGIN, this.#y, RIGHT, this.#y);
    this.#gap(2);
    this.#text(note, MARGIN, ASIDE, { weight: 'bold', colour: ACCENT });
    for (let line = 1; line <= this.lines; line += 1) {
      const y = this.#y + line * WRITING_LINE;
      this.#doc.line(line === 1 ? TEXT : MARGIN, y, RIGHT, y);
    }
    this.#y = this.#bottom + this.#height(0.4);
    this.#text(foot, MARGIN, RIGHT - MARGIN, { scale: 0.8, colour: SOFT });
    return this.#doc.output('blob');
  }

  #head() {
    const { title, made, lead, person } = this.#report;
    const top = this.#y;
    this.#text(made, RIGHT, ASIDE, { align: 'right', colour: SOFT });
    this.#y = top;
    this.#text(title, MARGIN, RIGHT - MARGIN - ASIDE, { scale: 1.6, weight: 'bold' });
    this.#text(lead, MARGIN, RIGHT - MARGIN, { scale: 0.9, colour: SOFT });
    this.#gap(2);
    this.#doc.setDrawColor(ACCENT).setLineWidth(0.5).line(MARGIN, this.#y, RIGHT, this.#y);
    this.#gap(4);
    this.#text(person, MARGIN, RIGHT - MARGIN, {});
    const from = MARGIN + this.#doc.getTextWidth(person) + 2;
    const base = this.#y - this.#height(0.3);
    this.#doc.setDrawColor(LINE).setLineWidth(0.2).line(from, base, RIGHT, base);
    this.#gap(5);
  }

  #pictureAndAdvice() {
    const { picture, caption, advice, why } = this.#report;
    const top = this.#y;
    this.#pictureAt = top;
    if (picture.length) this.#y += ASIDE + 1;
    this.#text(caption, MARGIN, ASIDE, { scale: 0.8, colour: SOFT });
    const below = this.#y;
    this.#y = top;
    const [first, ...more] = advice.paragraphs;
    this.#text(advice.title, TEXT, RIGHT - TEXT, { weight: 'bold', colour: ACCENT });
    this.#gap(1);
    this.#text(first, TEXT, RIGHT - TEXT, { scale: 1.5, weight: 'bold' });
    this.#paragraphs(more);
    this.#gap(2);
    this.#text(why.title, TEXT, RIGHT - TEXT, { weight: 'bold', colour: ACCENT });
    this.#gap(1);
    this.#paragraphs(why.paragraphs);
    this.#y = Math.max(this.#y, below);
    this.#gap(3);
  }

  /** @param {Section} section */
  #section({ title, paragraphs }) {
    this.#doc.setDrawColor(LINE).setLineWidth(0.2).line(MARGIN, this.#y, RIGHT, this.#y);
    this.#gap(2);
    const top = this.#y;
    this.#text(title, MARGIN, ASIDE, { weight: 'bold', colour: ACCENT });
    const below = this.#y;
    this.#y = top;
    this.#paragraphs(paragraphs);
    this.#y = Math.max(this.#y, below);
    this.#gap(2);
  }

  /** @param {string[]} paragraphs */
  #paragraphs(paragraphs) {
    for (const paragraph of paragraphs) {
      this.#text(paragraph, TEXT, RIGHT - TEXT, {});
      this.#gap(0.8);
    }
  }

  /**
   * Writes a text from the present height on, and goes on below it.
   * @param {string} text @param {number} x @param {number} width
   * @param {{scale?: number, weight?: Weight, colour?: string, align?: 'left' | 'right'}} how
   */
  #text(text, x, width, { scale = 1, weight = 'normal', colour = INK, align = 'left' }) {
    this.#doc.setTextColor(colour);
    const lines = this.#split(text, width, scale, weight);
    this.#doc.text(lines, x, this.#y, { align, baseline: 'top', lineHeightFactor: LEADING });
    this.#y += lines.length * this.#height(scale);
  }

  /** @param {string} text @param {number} width @param {number} scale @param {Weight} [weight] @returns {string[]} */
  #split(text, width, scale, weight = 'normal') {
    this.#doc.setFont('helvetica', weight).setFontSize(this.#size_pt * scale);
    // jsPDF measures with kerning and writes without it.
    return this.#doc.splitTextToSize(text, width * WRITTEN);
  }

  /** The height of a line. @param {number} scale */
  #height(scale) {
    return this.#size_pt * scale * MM_PER_POINT * LEADING;
  }

  /** Leaves room, that shrinks as the text does. @param {number} height */
  #gap(height) {
    this.#y += height * this.#size_pt / SIZES_PT[0];
  }
}
