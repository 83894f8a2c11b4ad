/**
 * Sets a report as a PDF of A4, with real text: on one page, or on more where a spot has a long history.
 * Python has decided what stands in it (py/app/keep/); here is only how it looks. Loaded with the first
 * report.
 */

import { jsPDF } from '../../vendor/jspdf/jspdf.js';
import { drawn, isPlain, wrapped } from './drawn-text.js';

/** @typedef {import('../shared/protocol.js').Figure} Figure */
/** @typedef {import('../shared/protocol.js').Report} Report */
/** @typedef {import('../shared/protocol.js').Section} Section */
/** @typedef {'normal' | 'bold'} Weight */

// Lengths are millimetres. Headings and the picture stand in a column of their own.
const WIDTH = 210, HEIGHT = 297, MARGIN = 16, ASIDE = 52, GUTTER = 6;
const RIGHT = WIDTH - MARGIN, TEXT = MARGIN + ASIDE + GUTTER;
const MM_PER_POINT = 25.4 / 72;
// How high two pictures beside each other may be.
const BESIDE = 62;
// The radius of the ring around a spot.
const RING = 3.5, RING_SIDES = 36;
const LEADING = 1.32;
const WRITTEN = 0.98;
// A doctor writes in lines so far apart, and wants a few of them.
const WRITING_LINE = 8.5, LEAST_LINES = 4;
// The text is set as large as leaves that room, in points; what does not fit goes on over the page.
const SIZES_PT = [10, 9.5, 9, 8.5, 8, 7.5, 7];
const FLOWING_PT = 9;
const INK = '#1c2426', SOFT = '#4d5a5e', LINE = '#b9b4a8', ACCENT = '#0f5f66';

/** @param {Report} report @returns {Blob} */
export function pdfOf(report) {
  for (const size_pt of SIZES_PT) {
    const sheet = new Sheet(report, size_pt, false);
    if (sheet.lines >= LEAST_LINES) return sheet.finished();
  }
  return new Sheet(report, FLOWING_PT, true).finished();
}

/** One try at the report, in one size of text. */
class Sheet {
  #doc = new jsPDF({ format: 'a4', unit: 'mm', compress: true });
  #report;
  #size_pt;
  #flows;
  #page = 1;
  #y = MARGIN;
  /** Set at the end: most tries are thrown away. @type {{page: number, place: () => void}[]} */
  #pictures = [];

  /** @param {Report} report @param {number} size_pt @param {boolean} flows  over the edge of the page */
  constructor(report, size_pt, flows) {
    this.#report = report;
    this.#size_pt = size_pt;
    this.#flows = flows;
    this.#doc.setProperties({ title: report.title, creator: 'Lentigo' });
    this.#doc.setLanguage(/** @type {'en'} */ (report.language));
    this.#head();
    if (report.figures.length > 1) this.#adviceAndPictures();
    else this.#pictureAndAdvice();
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
    const { note, foot } = this.#report;
    this.#room(this.#height(1.2) + LEAST_LINES * WRITING_LINE);
    this.#doc.setDrawColor(LINE).setLineWidth(0.2).line(MARGIN, this.#y, RIGHT, this.#y);
    this.#gap(2);
    this.#text(note, MARGIN, ASIDE, { weight: 'bold', colour: ACCENT });
    for (let line = 1; line <= this.lines; line += 1) {
      const y = this.#y + line * WRITING_LINE;
      this.#doc.line(line === 1 ? TEXT : MARGIN, y, RIGHT, y);
    }
    for (let page = 1; page <= this.#page; page += 1) {
      this.#doc.setPage(page);
      this.#y = this.#bottom + this.#height(0.4);
      this.#text(foot, MARGIN, RIGHT - MARGIN, { scale: 0.8, colour: SOFT });
    }
    for (const { page, place } of this.#pictures) {
      this.#doc.setPage(page);
      place();
    }
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
    const [figure] = this.#report.figures;
    const top = this.#y;
    this.#figure(figure, MARGIN, ASIDE, ASIDE);
    const below = this.#y;
    this.#y = top;
    this.#advice(TEXT);
    this.#y = Math.max(this.#y, below);
    this.#gap(3);
  }

  #adviceAndPictures() {
    this.#advice(MARGIN);
    this.#gap(1);
    const { figures } = this.#report;
    const width = (RIGHT - MARGIN - GUTTER * (figures.length - 1)) / figures.length;
    const top = this.#y;
    const below = figures.map((figure, at) => {
      this.#y = top;
      this.#figure(figure, MARGIN + at * (width + GUTTER), width, BESIDE);
      return this.#y;
    });
    this.#y = Math.max(...below);
    this.#gap(3);
  }

  /** A picture as large as fits, and what stands below it. @param {Figure} figure @param {number} x @param {number} width @param {number} height */
  #figure({ jpeg, caption, mark }, x, width, height) {
    if (jpeg.length) {
      const pixels = this.#doc.getImageProperties(jpeg);
      const scale = Math.min(width / pixels.width, height / pixels.height);
      const [wide, high, y] = [pixels.width * scale, pixels.height * scale, this.#y];
      this.#place(() => {
        this.#doc.addImage(jpeg, 'JPEG', x, y, wide, high);
        if (mark) this.#ring(x + mark[0] * wide, y + mark[1] * high);
      });
      this.#y += high + 1;
    }
    this.#text(caption, x, width, { scale: 0.8, colour: SOFT });
  }

  /** Light and dark, so that it stands out from any skin. @param {number} x @param {number} y */
  #ring(x, y) {
    for (const [colour, width] of /** @type {const} */ ([[INK, 0.9], ['#ffffff', 0.45]])) {
      this.#doc.setDrawColor(colour).setLineWidth(width);
      for (let side = 0; side < RING_SIDES; side += 1) {
        const [from, to] = [side, side + 1].map((corner) => corner * 2 * Math.PI / RING_SIDES);
        this.#doc.line(x + RING * Math.cos(from), y + RING * Math.sin(from), x + RING * Math.cos(to), y + RING * Math.sin(to));
      }
    }
  }

  /** What to do, and why. @param {number} x  where the column begins */
  #advice(x) {
    const { advice, why } = this.#report;
    const [first, ...more] = advice.paragraphs;
    this.#text(advice.title, x, RIGHT - x, { weight: 'bold', colour: ACCENT });
    this.#gap(1);
    this.#text(first, x, RIGHT - x, { scale: 1.5, weight: 'bold' });
    this.#paragraphs(more, x);
    this.#gap(2);
    this.#text(why.title, x, RIGHT - x, { weight: 'bold', colour: ACCENT });
    this.#gap(1);
    this.#paragraphs(why.paragraphs, x);
  }

  /** @param {Section} section */
  #section({ title, paragraphs }) {
    // A heading stays with what it heads.
    this.#room(this.#gapOf(2) + 2 * this.#height(1));
    this.#doc.setDrawColor(LINE).setLineWidth(0.2).line(MARGIN, this.#y, RIGHT, this.#y);
    this.#gap(2);
    const top = this.#y;
    const page = this.#page;
    this.#text(title, MARGIN, ASIDE, { weight: 'bold', colour: ACCENT });
    const below = this.#y;
    this.#y = top;
    this.#paragraphs(paragraphs);
    if (page === this.#page) this.#y = Math.max(this.#y, below);
    this.#gap(2);
  }

  /** @param {string[]} paragraphs @param {number} [x] */
  #paragraphs(paragraphs, x = TEXT) {
    for (const paragraph of paragraphs) {
      this.#room(this.#height(1) * this.#split(paragraph, RIGHT - x, 1).length);
      this.#text(paragraph, x, RIGHT - x, {});
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
    if (!isPlain(text)) {
      this.#draw(lines, align === 'right' ? x - width : x, width, { scale, weight, colour });
      return;
    }
    this.#doc.text(lines, x, this.#y, { align, baseline: 'top', lineHeightFactor: LEADING });
    this.#y += lines.length * this.#height(scale);
  }

  /**
   * What the fonts of PDF cannot write is put there as a picture, in the letters of the device.
   * @param {string[]} lines @param {number} x @param {number} width
   * @param {{scale: number, weight: Weight, colour: string}} how
   */
  #draw(lines, x, width, { scale, weight, colour }) {
    const height = this.#height(scale);
    for (const line of lines) {
      const y = this.#y;
      const jpeg = () => drawn(line, { width, height, weight, colour, size: this.#size_pt * scale * MM_PER_POINT });
      this.#place(() => this.#doc.addImage(jpeg(), 'JPEG', x, y, width, height));
      this.#y += height;
    }
  }

  /** @param {string} text @param {number} width @param {number} scale @param {Weight} [weight] @returns {string[]} */
  #split(text, width, scale, weight = 'normal') {
    if (!isPlain(text)) return wrapped(text, width, this.#size_pt * scale * MM_PER_POINT, weight);
    this.#doc.setFont('helvetica', weight).setFontSize(this.#size_pt * scale);
    // jsPDF measures with kerning and writes without it.
    return this.#doc.splitTextToSize(text, width * WRITTEN);
  }

  /** Has a picture set into the present page. @param {() => void} place */
  #place(place) {
    this.#pictures.push({ page: this.#page, place });
  }

  /** The height of a line. @param {number} scale */
  #height(scale) {
    return this.#size_pt * scale * MM_PER_POINT * LEADING;
  }

  /** Room that shrinks as the text does. @param {number} height */
  #gapOf(height) {
    return height * this.#size_pt / SIZES_PT[0];
  }

  /** @param {number} height */
  #gap(height) {
    this.#y += this.#gapOf(height);
  }

  /** Goes on over the page where so much does not fit here, if this try does. @param {number} height */
  #room(height) {
    if (!this.#flows || this.#y + height <= this.#bottom - this.#gapOf(2)) return;
    this.#doc.addPage();
    this.#page += 1;
    this.#y = MARGIN;
  }
}
