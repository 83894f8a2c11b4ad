/**
 * The words that scripts show, from the page's own copy of the catalogue (`<script id="words">`,
 * written by `serve.py files`): they speak before anything is fetched. Reads the same subset of ICU
 * MessageFormat as py/app/words/message_format.py, which says what it is; the messages themselves
 * are checked there.
 */

/** @typedef {{language: string, messages: Record<string, string>}} Catalogue */
/** @typedef {Record<string, string | number>} Values */

/** @type {Catalogue | undefined} */
let ofPage;

/** A sentence by its key. @param {string} key @param {Values} [values] @returns {string} */
export function words(key, values = {}) {
  ofPage ??= JSON.parse(document.getElementById('words')?.textContent ?? '');
  return sentence(/** @type {Catalogue} */ (ofPage), key, values);
}

/** @param {Catalogue} catalogue @param {string} key @param {Values} values @returns {string} */
export function sentence(catalogue, key, values) {
  const source = catalogue.messages[key];
  if (source === undefined) throw new Error(`there is no message ${key}`);
  return new Sentence(catalogue, source, values).message(null);
}

/** A place in a message, and how to go on from there. */
class Sentence {
  #at = 0;
  #catalogue;
  #source;
  #values;

  /** @param {Catalogue} catalogue @param {string} source @param {Values} values */
  constructor(catalogue, source, values) {
    this.#catalogue = catalogue;
    this.#source = source;
    this.#values = values;
  }

  /** Up to the closing brace or the end; `#` is the number `counted`. @param {string | null} counted */
  message(counted) {
    let said = '';
    while (this.#at < this.#source.length && this.#source[this.#at] !== '}') {
      if (this.#taken('{')) said += this.#placeholder();
      else if (this.#taken('#')) said += counted ?? '#';
      else said += this.#match(/[^{}#]+/y);
    }
    return said;
  }

  /** @returns {string} */
  #placeholder() {
    const name = this.#match(/\s*[A-Za-z]\w*\s*/y).trim();
    if (!(name in this.#values)) throw new Error(`no value for {${name}} in “${this.#source}”`);
    const value = this.#values[name];
    const kind = this.#taken(',') ? this.#match(/\s*[a-z]+\s*/y).trim() : '';
    let said = String(value);
    if (kind === 'number') said = this.#number(Number(value), this.#taken(',') ? this.#match(/\s*::\.0*\s*/y).trim().length - 3 : 0);
    else if (kind === 'percent') said = this.#percent(Number(value));
    else if (kind) said = this.#chosen(value, kind === 'plural');
    this.#expect('}');
    return said;
  }

  /** @param {string | number} value @param {boolean} isPlural */
  #chosen(value, isPlural) {
    this.#expect(',');
    const counted = isPlural ? this.#number(Number(value), 0) : null;
    /** @type {Record<string, string>} */
    const options = {};
    while (this.#source[this.#at] !== '}') {
      const option = this.#match(/\s*(=\d+|[A-Za-z][\w-]*)\s*/y).trim();
      this.#expect('{');
      options[option] = this.message(counted);
      this.#expect('}');
      this.#match(/\s*/y);
    }
    const { language } = this.#catalogue;
    const form = isPlural ? new Intl.PluralRules(language).select(Number(value)) : String(value);
    return (isPlural ? options[`=${value}`] : undefined) ?? options[form] ?? options.other;
  }

  /** @param {number} value @param {number} decimals */
  #number(value, decimals) {
    return new Intl.NumberFormat(this.#catalogue.language, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      roundingMode: 'halfEven',
    }).format(value);
  }

  /** @param {number} probability */
  #percent(probability) {
    if (probability < 0.01) return sentence(this.#catalogue, 'number.percent.under', { limit: 1 });
    if (probability > 0.99) return sentence(this.#catalogue, 'number.percent.over', { limit: 99 });
    return sentence(this.#catalogue, 'number.percent', { value: probability * 100 });
  }

  /** @param {string} sign */
  #taken(sign) {
    const found = this.#source.startsWith(sign, this.#at);
    if (found) this.#at += sign.length;
    return found;
  }

  /** @param {string} sign */
  #expect(sign) {
    this.#match(/\s*/y);
    if (!this.#taken(sign)) throw new Error(`no ${sign} at ${this.#at} of “${this.#source}”`);
  }

  /** @param {RegExp} pattern  sticky */
  #match(pattern) {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (!found) throw new Error(`cannot be read at ${this.#at}: “${this.#source}”`);
    this.#at = pattern.lastIndex;
    return found[0];
  }
}
