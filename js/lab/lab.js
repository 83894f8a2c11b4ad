/** The Lab's page: measures each variant on each backend, one after another, and shows it. */

import { BACKENDS } from '../shared/protocol.js';
import { decidingPair, finding, megabytes, milliseconds, points } from './figures.js';
import { find } from '../page/find.js';
import { words } from '../page/words.js';
import { Fault } from '../shared/fault.js';
import { STEADY_BUDGET_MS, STEADY_RUNS, measure, withRepeat } from './measurement.js';
import { fetchGolden, fetchManifest } from '../shared/model-files.js';

/** @typedef {import('./measurement.js').Row} Row */
/** @typedef {import('./measurement.js').MeasuredRow} MeasuredRow */
/** @typedef {import('./measurement.js').Subject} Subject */
/** @typedef {import('./measurement.js').Model} Model */

const COLUMNS = [
  words('lab.column.subject'), words('lab.column.download'), words('lab.column.load'),
  words('lab.column.first'), words('lab.column.steady'), words('lab.column.agreement'),
];
const SVG = 'http://www.w3.org/2000/svg';

const start = find('[data-testid=lab-start]', HTMLButtonElement);
const stop = find('[data-testid=lab-stop]', HTMLButtonElement);
const save = find('[data-testid=lab-save]', HTMLButtonElement);
const forced = find('[data-testid=lab-forced]', HTMLInputElement);
const progress = find('[data-testid=lab-progress]', HTMLElement);
const progressText = find('[data-progress-text]', HTMLElement);
const bar = find('[data-testid=lab-progress] progress', HTMLProgressElement);
const answer = find('[data-testid=lab-finding]', HTMLElement);
const plot = find('[data-testid=lab-plot]', HTMLElement);
const table = find('[data-testid=lab-table]', HTMLElement);
const announcer = find('[data-announcer]', HTMLElement);
const query = new URLSearchParams(location.search);

/** What the last run has measured. @type {Record<string, unknown> | null} */
let record = null;
let stopping = new AbortController();

/** @param {string} name @param {Record<string, string | number>} [attributes] @param {...(string | Node)} children */
function make(name, attributes = {}, ...children) {
  const element = ['svg', 'rect', 'line'].includes(name) ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** The model that the app itself uses. @returns {Promise<Model>} */
async function fetchModelOfApp() {
  const page = await fetch('index.html');
  const index = new DOMParser().parseFromString(await page.text(), 'text/html');
  const url = new URL(index.body.dataset.manifest ?? '', document.baseURI);
  const sha256 = index.body.dataset.manifestSha256 ?? '';
  const { base, manifest } = await fetchManifest(url.href, sha256);
  return { base, sha256, manifest, golden: await fetchGolden(manifest, base) };
}

/** The weights that the smaller ones are compared with. @param {Model['manifest']} manifest @returns {string} */
function largestVariant({ variants }) {
  /** @param {string} name */
  const bytes = (name) => Object.values(variants[name].files).reduce((sum, file) => sum + file.bytes, 0);
  return Object.keys(variants).reduce((one, other) => (bytes(other) > bytes(one) ? other : one));
}

/** Only what the address asks for, where it does. @param {Model} model @returns {Subject[]} */
function subjects({ manifest }) {
  /** @param {string} key @param {readonly string[]} all */
  const wanted = (key, all) => (all.includes(query.get(key) ?? '') ? [query.get(key)] : all);
  const usual = manifest.default_variant;
  const variants = Object.keys(manifest.variants).sort((one, other) => Number(other === usual) - Number(one === usual));
  return /** @type {Subject[]} */ (wanted('backend', BACKENDS).flatMap((backend) =>
    wanted('model', variants).map((variant) => ({ backend, variant }))));
}

/** @param {Row} row @returns {row is MeasuredRow} */
function isMeasured(row) {
  return row.status === 'measured';
}

/** @param {number} column @param {string} main @param {string} [small] */
function cell(column, main, small) {
  const value = make('span', {}, make('bdi', {}, main));
  if (small) value.append(make('small', {}, make('bdi', {}, small)));
  return make('td', { role: 'cell', 'data-label': COLUMNS[column] }, value);
}

/** @param {Subject} subject */
function nameOf({ backend, variant }) {
  return words('lab.subject', { backend, variant });
}

/** @param {number | null} network_bytes */
function sourceOf(network_bytes) {
  if (network_bytes === null) return words('lab.source.unknown');
  const size = megabytes(network_bytes, words);
  // Asking whether what is kept is still good takes some bytes as well.
  return size === megabytes(0, words) ? words('lab.source.kept') : words('lab.source.network', { size });
}

/** @param {import('../shared/protocol.js').GpuUse} gpu */
function toldOfGpu({ dispatches, passes, submits, gpu_ms }) {
  const counted = words('lab.gpu', { dispatches, passes, submits });
  return gpu_ms === null ? counted : words('lab.gpu.timed', { counted, time: milliseconds(gpu_ms, words) });
}

/** Milliseconds without their unit. @param {number} ms */
function bare(ms) {
  return ms < 10 ? words('lab.number.fine', { value: ms }) : words('lab.number', { value: ms });
}

/** @param {MeasuredRow} row */
function cells({ download_bytes, network_bytes, load_ms, first_ms, steady_ms, latencies_ms, agreement }) {
  const { median, low, high } = steady_ms;
  return [
    cell(1, megabytes(download_bytes, words), sourceOf(network_bytes)),
    cell(2, milliseconds(load_ms, words)),
    cell(3, milliseconds(first_ms, words)),
    cell(4, milliseconds(median, words), words('lab.steady', { answers: latencies_ms.length, low: bare(low), high: bare(high) })),
    cell(5, words('lab.agreement', { same: agreement.same_top, pictures: agreement.pictures }),
      words('lab.off-by', { points: points(agreement.largest_probability_difference, words) })),
  ];
}

/** @param {Row[]} rows */
function drawTable(rows) {
  const head = make('tr', { role: 'row' }, ...COLUMNS.map((text) => make('th', { role: 'columnheader', scope: 'col' }, text)));
  const lines = rows.map((row) => {
    const name = make('th', { role: 'rowheader', scope: 'row' }, nameOf(row));
    if (isMeasured(row) && row.adapter) name.append(make('small', {}, row.adapter));
    if (isMeasured(row) && row.gpu) name.append(make('small', { 'data-testid': 'lab-gpu' }, toldOfGpu(row.gpu)));
    const rest = isMeasured(row) ? cells(row)
      : [make('td', { role: 'cell', colspan: COLUMNS.length - 1, class: 'reason' }, words('lab.not-measured', { reason: row.reason }))];
    return make('tr', { role: 'row', 'data-backend': row.backend, 'data-variant': row.variant, 'data-status': row.status }, name, ...rest);
  });
  // The roles are told, because on a phone the rows are laid out as cards.
  table.replaceChildren(make('table', { role: 'table', 'aria-label': words('lab.label.measurements') },
    make('thead', { role: 'rowgroup' }, head), make('tbody', { role: 'rowgroup' }, ...lines)));
}

/** @param {MeasuredRow} row @param {number} longest_ms  what fills the width */
function drawBar({ backend, variant, steady_ms }, longest_ms) {
  /** @param {number} ms */
  const x = (ms) => (100 * ms) / longest_ms;
  const drawing = make('svg', { class: 'bar', viewBox: '0 0 100 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    make('rect', { class: 'track', width: 100, height: 1 }),
    make('rect', { class: 'fill', width: x(steady_ms.median), height: 1 }),
    make('line', { class: 'whisker', x1: x(steady_ms.low), x2: x(steady_ms.high), y1: 0.5, y2: 0.5 }));
  return make('li', { 'data-backend': backend, 'data-variant': variant },
    make('span', {}, nameOf({ backend, variant })),
    make('bdi', { class: 'value' }, milliseconds(steady_ms.median, words)),
    drawing);
}

/** @param {MeasuredRow[]} rows */
function drawPlot(rows) {
  const longest_ms = Math.max(...rows.map(({ steady_ms }) => steady_ms.high));
  plot.replaceChildren(
    make('figcaption', {}, words('lab.plot')),
    make('ul', {}, ...rows.map((row) => drawBar(row, longest_ms))));
}

/** @param {Row[]} rows @param {Model} model */
function show(rows, { manifest }) {
  const measured = rows.filter(isMeasured);
  const found = finding(measured, largestVariant(manifest), words);
  drawTable([...measured, ...rows.filter((row) => !isMeasured(row))]);
  if (measured.length) drawPlot(measured);
  if (found) {
    answer.replaceChildren(make('h2', {}, found.headline), ...found.details.map((text) => make('p', {}, text)));
  }
  table.hidden = rows.length === 0;
  plot.hidden = measured.length === 0;
  answer.hidden = found === null;
  return found;
}

/** @param {Model} model @param {Row[]} rows @param {unknown} found */
function recordOf({ manifest }, rows, found) {
  return {
    kind: 'lentigo-lab', schema: 1, date: new Date().toISOString(),
    user_agent: navigator.userAgent,
    hardware_concurrency: navigator.hardwareConcurrency,
    cross_origin_isolated: crossOriginIsolated,
    // The golden answers differ between two trainings of the same name.
    model: { id: manifest.id, golden_sha256: manifest.golden.sha256, default_variant: manifest.default_variant },
    settings: { steady_runs: STEADY_RUNS, steady_budget_ms: STEADY_BUDGET_MS, forced: forced.checked },
    finding: found, rows,
  };
}

/** @param {string} text @param {number} [fraction]  of the present step */
function showProgress(text, fraction) {
  progressText.textContent = text;
  if (fraction === undefined) bar.removeAttribute('value');
  else bar.value = fraction;
}

/** @param {Subject} subject @param {string} title @param {Model} model @returns {Promise<Row>} */
async function measureOrTell(subject, title, model) {
  const { backend, variant } = subject;
  announcer.textContent = title;
  try {
    return await measure(subject, forced.checked, model, stopping.signal, (stage, fraction) => {
      showProgress(words('lab.progress.stage', { title, stage }), fraction);
    });
  } catch (error) {
    const stopped = stopping.signal.aborted;
    const reason = stopped ? words('lab.reason.stopped') : told(error);
    return { backend, variant, status: stopped ? 'stopped' : 'failed', reason };
  }
}

/** @param {unknown} error */
function told(error) {
  if (error instanceof Fault) return words(`error.${error.fault}`, error.values);
  return error instanceof Error ? error.message : String(error);
}

/** @param {boolean} running */
function showRunning(running) {
  document.body.dataset.state = running ? 'running' : 'done';
  for (const element of [stop, progress]) element.hidden = !running;
  start.hidden = running;
  save.hidden = running || record === null;
  forced.disabled = running;
}

/**
 * Measures the two rows that decide once more, in reverse order: what slows the device for a while
 * then widens the spread of both, and is not taken for a difference.
 * @param {Row[]} rows  changed @param {Model} model @param {() => void} tell
 */
async function repeat(rows, model, tell) {
  const pair = decidingPair(rows.filter(isMeasured), largestVariant(model.manifest));
  for (const row of pair ? [pair.small, pair.usual] : []) {
    if (stopping.signal.aborted) return;
    const again = await measureOrTell(row, words('lab.progress.again', { subject: nameOf(row) }), model);
    if (isMeasured(again)) rows[rows.indexOf(row)] = withRepeat(row, again);
    tell();
  }
}

async function run() {
  stopping = new AbortController();
  record = null;
  showRunning(true);
  showProgress(words('lab.progress.pictures'));
  try {
    const model = await fetchModelOfApp();
    const todo = subjects(model);
    /** @type {Row[]} */
    const rows = [];
    show(rows, model);
    const tell = () => { record = recordOf(model, rows, show(rows, model)); };
    for (const [index, subject] of todo.entries()) {
      if (stopping.signal.aborted) break;
      rows.push(await measureOrTell(subject, words('lab.progress', { index: index + 1, count: todo.length, subject: nameOf(subject) }), model));
      tell();
    }
    await repeat(rows, model, tell);
    const headline = answer.querySelector('h2')?.textContent ?? '';
    announcer.textContent = stopping.signal.aborted ? words('lab.said.stopped') : `${words('lab.said.done')} ${headline}`;
  } catch (error) {
    answer.replaceChildren(make('p', {}, words('lab.failure', { reason: told(error) })));
    answer.hidden = false;
  }
  showRunning(false);
  start.textContent = words('lab.start.again');
}

function download() {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(record, null, 2)], { type: 'application/json' }));
  link.download = `lentigo-lab-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  // The browser has read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

start.addEventListener('click', run);
stop.addEventListener('click', () => stopping.abort());
save.addEventListener('click', download);
// For the first script: this page has nothing to wait for.
document.body.dataset.boot = 'done';
document.body.toggleAttribute('data-program', true);
