/** What the Lab reckons from its measurements. Pure: numbers in, numbers and sentences out. */

/**
 * `low` and `high` bound all but the fastest and the slowest tenth.
 * @typedef {{median: number, low: number, high: number}} Spread
 *
 * `largest_logit_difference` and `largest_probability_difference` (0..1) are to PyTorch's answers
 * for the same pictures; `same_top` counts those with the same top class.
 * @typedef {{pictures: number, same_top: number, largest_logit_difference: number, largest_probability_difference: number}} Agreement
 *
 * @typedef {{variant: string, backend: string, download_bytes: number, steady_ms: Spread, agreement: Agreement}} Measured
 * @typedef {{headline: string, details: string[]}} Finding
 */

/** Between the two nearest values where `part` (0..1) falls between them. @param {number[]} sorted @param {number} part */
function quantile(sorted, part) {
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)];
  return below + (sorted[Math.ceil(place)] - below) * (place % 1);
}

/** @param {number[]} values  at least one @returns {Spread} */
export function spread(values) {
  const sorted = values.toSorted((one, other) => one - other);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.1), high: quantile(sorted, 0.9) };
}

/** @param {number[]} logits @param {number} temperature */
function softmax(logits, temperature) {
  const peak = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp((logit - peak) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** @param {number[]} ours @param {number[]} theirs */
function largestDifference(ours, theirs) {
  return Math.max(...ours.map((value, index) => Math.abs(value - theirs[index])));
}

/** @param {number[]} logits */
function top(logits) {
  return logits.indexOf(Math.max(...logits));
}

/**
 * @param {number[][]} answers  logits, one list for each picture
 * @param {number[][]} expected  PyTorch's, for the same pictures
 * @param {number} temperature  the manifest's
 * @returns {Agreement}
 */
export function agreement(answers, expected, temperature) {
  const pairs = answers.map((logits, index) => /** @type {const} */ ([logits, expected[index]]));
  /** @param {(logits: number[]) => number[]} of */
  const largest = (of) => Math.max(...pairs.map(([ours, theirs]) => largestDifference(of(ours), of(theirs))));
  return {
    pictures: pairs.length,
    same_top: pairs.filter(([ours, theirs]) => top(ours) === top(theirs)).length,
    largest_logit_difference: largest((logits) => logits),
    largest_probability_difference: largest((logits) => softmax(logits, temperature)),
  };
}

/** @param {number} ms */
export function milliseconds(ms) {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @param {number} probability */
export function points(probability) {
  return `${(probability * 100).toFixed(probability < 0.001 ? 3 : 2)} points`;
}

/**
 * `as fast` where the spreads overlap: then the difference is not told from chance.
 * @param {Spread} one @param {Spread} other  @returns {'as fast' | 'faster' | 'slower'} of the first
 */
export function compare(one, other) {
  if (one.high < other.low) return 'faster';
  if (one.low > other.high) return 'slower';
  return 'as fast';
}

/** @param {Measured} small @param {Measured} usual @param {string} where @returns {Finding} */
function contrast(small, usual, where) {
  const pace = compare(small.steady_ms, usual.steady_ms);
  const saves = small.download_bytes < usual.download_bytes;
  const { same_top, pictures, largest_probability_difference } = small.agreement;
  const agrees = same_top === pictures;
  const gains = [saves && 'a smaller download', pace === 'faster' && 'faster answers'].filter(Boolean);
  const losses = [pace === 'slower' && 'slower answers', !agrees && 'other answers'].filter(Boolean);
  const help = gains.length ? `Yes: ${gains.join(' and ')}` : 'No gain here';
  const price = losses.length ? `, but ${losses.join(' and ')}` : '';
  const extent = small.download_bytes / usual.download_bytes;
  const speed = {
    'as fast': 'An answer takes as long',
    faster: 'An answer comes sooner',
    slower: 'An answer takes longer',
  }[pace];
  const [ours, theirs] = [small, usual].map(({ steady_ms }) => milliseconds(steady_ms.median));
  return {
    headline: `${help}${price}${pace === 'as fast' ? ', at the same speed' : ''}.`,
    details: [
      `${small.variant} is ${Math.round(extent * 100)} % of the download of ${usual.variant}: ${megabytes(small.download_bytes)} instead of ${megabytes(usual.download_bytes)}.`,
      `${speed} on ${where}: ${ours} with ${small.variant}, ${theirs} with ${usual.variant}${pace === 'as fast' ? ', which is within the spread' : ''}.`,
      `${small.variant} gives the reference’s top class for ${same_top} of ${pictures} test pictures; no probability is off by more than ${points(largest_probability_difference)}.`,
    ],
  };
}

/**
 * The two rows that decide: on the backend that is fastest with the usual weights, these and the
 * smallest other variant. Null until both are measured on one backend.
 * @template {Measured} T
 * @param {T[]} rows @param {string} usualVariant  the largest download
 * @returns {{small: T, usual: T} | null}
 */
export function decidingPair(rows, usualVariant) {
  const pairs = rows
    .filter(({ variant }) => variant === usualVariant)
    .flatMap((usual) => rows
      .filter(({ backend, variant }) => backend === usual.backend && variant !== usualVariant)
      .map((small) => ({ small, usual })));
  pairs.sort((one, other) =>
    one.usual.steady_ms.median - other.usual.steady_ms.median || one.small.download_bytes - other.small.download_bytes);
  return pairs[0] ?? null;
}

/**
 * Answers "does quantisation help here?" from the two rows that decide.
 * @param {Measured[]} rows @param {string} usualVariant
 * @param {Record<string, string>} names  of the backends, for reading
 * @returns {Finding | null}
 */
export function finding(rows, usualVariant, names) {
  const pair = decidingPair(rows, usualVariant);
  return pair && contrast(pair.small, pair.usual, names[pair.usual.backend]);
}
