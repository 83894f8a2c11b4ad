/**
 * An error that the page has words for: its class of `lentigo/errors.py`, the fault, and the values
 * that its sentence names (`error.…` in py/app/words/en/errors.py). The message is for developers.
 */
export class Fault extends Error {
  /**
   * @param {string} name @param {string} fault
   * @param {Record<string, string | number>} [values] @param {ErrorOptions} [options]
   */
  constructor(name, fault, values = {}, options) {
    super(`${fault} ${JSON.stringify(values)}`, options);
    this.name = name;
    this.fault = fault;
    this.values = values;
  }
}
