/** What the Lab reckons from its measurements. Pure: numbers in, numbers and sentences out.
 *
 * @typedef {(key: string, values?: Record<string, string | number>) => string} Words  as of `js/page/words.js`
 */

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

/** @param {number} ms @param {Words} words */
export function milliseconds(ms, words) {
  return ms < 10 ? words('lab.milliseconds.fine', { value: ms }) : words('lab.milliseconds', { value: ms });
}

/** @param {number} bytes @param {Words} words */
export function megabytes(bytes, words) {
  return words('lab.megabytes', { value: bytes / 1e6 });
}

/** Percentage points. @param {number} probability @param {Words} words */
export function points(probability, words) {
  const value = probability * 100;
  return probability < 0.001 ? words('lab.points.fine', { value }) : words('lab.points', { value });
}

/**
 * `same` where the spreads overlap: then the difference is not told from chance.
 * @param {Spread} one @param {Spread} other  @returns {'same' | 'faster' | 'slower'} of the first
 */
export function compare(one, other) {
  if (one.high < other.low) return 'faster';
  if (one.low > other.high) return 'slower';
  return 'same';
}

/** @param {Measured} small @param {Measured} usual @param {Words} words @returns {Finding} */
function contrast(small, usual, words) {
  const pace = compare(small.steady_ms, usual.steady_ms);
  const saves = small.download_bytes < usual.download_bytes;
  const { same_top, pictures, largest_probability_difference } = small.agreement;
  const agrees = same_top === pictures;
  const faster = pace === 'faster';
  const slower = pace === 'slower';
  const gains = saves && faster ? 'both' : saves ? 'download' : faster ? 'speed' : 'none';
  const losses = slower && !agrees ? 'both' : slower ? 'speed' : agrees ? 'none' : 'answers';
  const [ours, theirs] = [small, usual].map(({ steady_ms }) => milliseconds(steady_ms.median, words));
  const names = { small: small.variant, usual: usual.variant };
  return {
    headline: words('lab.finding', { gains, losses, pace }),
    details: [
      words('lab.finding.download', {
        ...names, percent: (small.download_bytes / usual.download_bytes) * 100,
        ours: megabytes(small.download_bytes, words), theirs: megabytes(usual.download_bytes, words),
      }),
      words('lab.finding.speed', { ...names, pace, backend: usual.backend, ours, theirs }),
      words('lab.finding.agreement', {
        small: small.variant, same: same_top, pictures, points: points(largest_probability_difference, words),
      }),
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
 * @param {Words} words
 * @returns {Finding | null}
 */
export function finding(rows, usualVariant, words) {
  const pair = decidingPair(rows, usualVariant);
  return pair && contrast(pair.small, pair.usual, words);
}
