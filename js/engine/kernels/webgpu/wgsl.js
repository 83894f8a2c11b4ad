/**
 * Writes the compute shaders of our WebGPU kernels: float32, NHWC, one picture.
 *
 * A thread of a convolution keeps the sums of a tile in registers: some pixels of a row by some vectors
 * of four output channels. It needs no workgroup memory: a product of matrices tiled there took four
 * times as long where a processor plays the GPU, and on a GPU the caches hold what neighbours share.
 *
 * What unrolls a loop is written into the shader and named by its key: a kernel's size, its stride, its
 * tile. The sizes of a layer are numbers in a uniform buffer, so that layers share a shader: a third as
 * many have to be compiled as with constants, and run as fast.
 */

/**
 * Binding 0 of a program is the result, then come the inputs, then the numbers (i32).
 * @typedef {{key: string, code: string, workgroups: number, numbers: number[]}} Program
 *
 * What a GPU wants. So many `threads` at least; each may have so many `sums`, vectors of four channels. So
 * many `shares` of a long sum are added up in a workgroup's memory. A `workgroup` has so many threads, and
 * the one workgroup of a gate or a head has `gate`.
 * @typedef {{threads: number, sums: number, shares: number, workgroup: number, gate: number}} Budget
 * @typedef {{count: number, before: number}} Along  output pixels, and what is padded before the first
 * @typedef {{
 *   height: number, width: number, from: number, to: number, kernelHeight: number, kernelWidth: number,
 *   stride: number, rows: Along, columns: Along, swish: boolean, residual: boolean, scale: boolean,
 * }} ConvolutionSizes
 * @typedef {{height: number, width: number, channels: number, size: number, stride: number, rows: Along, columns: Along, swish: boolean}} DepthwiseSizes
 */

const MOST_WORKGROUPS = 65_535;
const LANES = 4;
const AXES = 'xyzw';
/** Of a depthwise convolution: more would gain little, and would be shaders more. */
const DEPTHWISE_SUMS = 7;
/** Units between two layers: a workgroup's memory holds as many. */
const MOST_HIDDEN = 256;

/** @param {number} count @param {(index: number) => string} line */
const unrolled = (count, line) => Array.from({ length: count }, (_, index) => line(index)).join('\n');

// e^80 is far from the largest float32, and x / e^80 from every number that matters.
const FUNCTIONS = `
fn sigmoid(x: vec4f) -> vec4f { return 1.0 / (1.0 + exp(-max(x, vec4f(-80.0)))); }
fn swish(x: vec4f) -> vec4f { return x * sigmoid(x); }`;

/**
 * @param {string} key @param {Record<string, string>} buffers  the type of each, the result's first
 * @param {Record<string, number>} numbers  read as `n.NAME` @param {number} workgroups @param {string} code @returns {Program}
 */
function program(key, buffers, numbers, workgroups, code) {
  if (workgroups > MOST_WORKGROUPS) throw new Error(`${key}: more workgroups than WebGPU allows`);
  const bindings = Object.entries(buffers).map(([name, type], index) => (
    `@group(0) @binding(${index}) var<storage, ${index ? 'read' : 'read_write'}> ${name}: array<${type}>;`
  ));
  const head = `struct Numbers { ${Object.keys(numbers).map((name) => `${name}: i32`).join(', ')} }
${bindings.join('\n')}
@group(0) @binding(${bindings.length}) var<uniform> n: Numbers;
${FUNCTIONS}`;
  return { key, code: `${head}\n${code}`, workgroups, numbers: Object.values(numbers) };
}

/**
 * The tile that one thread computes, pixels of a row by groups of four channels: of those that leave
 * enough threads for this GPU and fit its registers the one that multiplies most for each vector it loads.
 * @param {{row: number, rows: number, groups: number, kernel: number, stride: number}} sizes  `row`: output pixels in one; `kernel`: its width
 * @param {Pick<Budget, 'threads' | 'sums'>} budget @param {number} most  groups
 */
export function tileOf({ row, rows, groups, kernel, stride }, budget, most = budget.sums) {
  const { threads } = budget;
  // With a stride neighbours share less of what they see, and a tile of them loads more.
  const sums = Math.floor(budget.sums / stride);
  let best = { pixels: 1, across: 1, worth: 0 };
  for (let across = 1; across <= most; across += 1) {
    for (let pixels = 1; pixels * across <= sums; pixels += 1) {
      const tiles = Math.ceil(row / pixels);
      const enough = pixels * across === 1 || tiles * rows * groups / across >= threads;
      const loads = (pixels - 1) * stride + kernel + kernel * LANES * across;
      // What a tile that hangs over the edge computes is for nothing.
      const worth = kernel * LANES * pixels * across / loads * row / (tiles * pixels);
      if (groups % across === 0 && enough && worth > best.worth) best = { pixels, across, worth };
    }
  }
  return best;
}

/**
 * The columns of the input that a tile of output pixels sees, and which of them may lie outside the
 * picture for some tile: only those are looked at twice.
 * @param {number} width @param {number} kernel @param {number} stride @param {Along} columns @param {number} pixels
 */
function columnsOf(width, kernel, stride, columns, pixels) {
  const last = (Math.ceil(columns.count / pixels) - 1) * pixels * stride - columns.before;
  return Array.from({ length: (pixels - 1) * stride + kernel }, (_, column) => ({
    column, checked: column < columns.before || last + column >= width,
  }));
}

/** @param {ReturnType<typeof columnsOf>} columns */
const checkedOf = (columns) => columns.filter(({ checked }) => checked).map(({ column }) => column);

/** Where the columns of row `y` lie: a pixel is as long as the number of that name. @param {ReturnType<typeof columnsOf>} columns @param {string} pixel */
const addresses = (columns, pixel) => columns.map(({ column, checked }) => (checked
  ? `let in${column} = left + ${column} >= 0 && left + ${column} < n.width;
let at${column} = (y * n.width + clamp(left + ${column}, 0, n.width - 1)) * n.${pixel};`
  : `let at${column} = (y * n.width + left + ${column}) * n.${pixel};`)).join('\n');

/** Loads each column as `i`. @param {ReturnType<typeof columnsOf>} columns @param {string} zero @param {string} offset */
const loads = (columns, zero, offset) => columns.map(({ column, checked }) => (checked
  ? `let i${column} = select(${zero}, input[at${column} + ${offset}], in${column});`
  : `let i${column} = input[at${column} + ${offset}];`)).join('\n');

/**
 * A thread's tile: `c` is its first group of channels, `x` and `row` its first pixel.
 * @param {number} workgroup @param {number} pixels @param {number} across @param {number} stride @param {string} body
 */
const tiled = (workgroup, pixels, across, stride, body) => `
@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) place: vec3u) {
let id = i32(place.x);
if (id >= n.all) { return; }
let c = id % n.blocks * ${across};
let tile = id / n.blocks;
let x = tile % n.tiles * ${pixels};
let row = tile / n.tiles;
let left = x * ${stride} - n.left;
${unrolled(across, (q) => `let b${q} = bias[c + ${q}];\n${unrolled(pixels, (p) => `var s${p}_${q} = b${q};`)}`)}
${body}
}`;

/**
 * Writes the sums of a tile, in a loop: unrolled, it would be most of what has to be compiled.
 * @param {number} pixels @param {number} across @param {boolean} over  the last tile hangs over the edge
 * @param {string} value  what becomes of `sum`, at `to`
 */
const stored = (pixels, across, over, value) => `
var sums = array<vec4f, ${pixels * across}>(${Array.from({ length: pixels * across }, (_, index) => `s${Math.floor(index / across)}_${index % across}`).join(', ')});
for (var index = 0; index < ${pixels * across}; index++) {
let column = x + index / ${across};
let to = (row * n.columns + column) * n.groups + c + index % ${across};
let sum = sums[index];
${over ? 'if (column < n.columns) ' : ''}{ result[to] = ${value}; }
}`;

/** The numbers of a tiled kernel. @param {{height: number, width: number, rows: Along, columns: Along, groups: number}} sizes @param {number} pixels @param {number} across */
function numbersOf({ height, width, rows, columns, groups }, pixels, across) {
  const tiles = Math.ceil(columns.count / pixels);
  const blocks = groups / across;
  return { height, width, top: rows.before, left: columns.before, columns: columns.count, groups, tiles, blocks, all: tiles * blocks * rows.count };
}

/**
 * A convolution: input [height, width, from], weights [kernelHeight, kernelWidth, from, to], bias [to], then
 * a residual like the output, without swish (any other buffer where there is none), then perhaps a scale [from] of
 * the input. `to` is a multiple of 4.
 * @param {ConvolutionSizes} sizes @param {Budget} budget @returns {Program}
 */
export function convolution(sizes, budget) {
  const { from, to, kernelHeight, kernelWidth, stride, swish, residual, scale } = sizes;
  let { height, width, rows, columns } = sizes;
  if (kernelHeight * kernelWidth * stride === 1) {
    // Each pixel by itself: the picture is one long row.
    [width, height] = [width * height, 1];
    [rows, columns] = [{ count: 1, before: 0 }, { count: width, before: 0 }];
  }
  const groups = to / LANES;
  const { pixels, across } = tileOf({ row: columns.count, rows: rows.count, groups, kernel: kernelWidth, stride }, budget);
  const seen = columnsOf(width, kernelWidth, stride, columns, pixels);
  const over = columns.count % pixels > 0;
  const wide = from % LANES === 0;
  const lanes = wide ? LANES : 1;
  const vector = wide ? 'vec4f' : 'f32';
  const part = (/** @type {number} */ lane) => (wide ? `.${AXES[lane]}` : '');
  const tap = (/** @type {number} */ kx) => `
let w${kx} = ((ky * ${kernelWidth} + ${kx}) * n.depth + k) * ${lanes} * n.groups + c;
${unrolled(lanes, (lane) => unrolled(across, (q) => `{ let w = weights[w${kx} + ${lane} * n.groups + ${q}]${scale ? ` * g${part(lane)}` : ''};
${unrolled(pixels, (p) => `s${p}_${q} += w * i${p * stride + kx}${part(lane)};`)} }`))}`;
  const numbers = { ...numbersOf({ height, width, rows, columns, groups }, pixels, across), depth: from / lanes, residual: Number(residual), swish: Number(swish) };
  const key = { kernelHeight, kernelWidth, stride, pixels, across, checked: checkedOf(seen), over, wide, scale };
  const buffers = {
    result: 'vec4f', input: vector, weights: 'vec4f', bias: 'vec4f',
    residual: 'vec4f', ...(scale ? { scale: vector } : {}),
  };
  return program(`convolution ${JSON.stringify(key)}`, buffers, numbers, Math.ceil(numbers.all / budget.workgroup), `
fn finished(sum: vec4f, at: i32) -> vec4f {
if (n.residual == 1) { return sum + residual[at]; }
if (n.swish == 1) { return swish(sum); }
return sum;
}
${tiled(budget.workgroup, pixels, across, stride, `
for (var ky = 0; ky < ${kernelHeight}; ky++) {
let y = row * ${stride} + ky - n.top;
if (y < 0 || y >= n.height) { continue; }
${addresses(seen, 'depth')}
for (var k = 0; k < n.depth; k++) {
${scale ? 'let g = scale[k];' : ''}
${loads(seen, `${vector}()`, 'k')}
${unrolled(kernelWidth, tap)}
}
}
${stored(pixels, across, over, 'finished(sum, to)')}`)}`);
}

/**
 * A depthwise convolution: input [height, width, channels], weights [size, size, channels, 1], bias [channels].
 * @param {DepthwiseSizes} sizes @param {Budget} budget @returns {Program}
 */
export function depthwise(sizes, budget) {
  const { height, width, channels, size, stride, rows, columns, swish } = sizes;
  const groups = channels / LANES;
  const sums = Math.min(budget.sums, DEPTHWISE_SUMS);
  const { pixels } = tileOf({ row: columns.count, rows: rows.count, groups, kernel: size, stride }, { ...budget, sums }, 1);
  const seen = columnsOf(width, size, stride, columns, pixels);
  const over = columns.count % pixels > 0;
  const numbers = { ...numbersOf({ height, width, rows, columns, groups }, pixels, 1), swish: Number(swish) };
  const key = { size, stride, pixels, checked: checkedOf(seen), over };
  const buffers = { result: 'vec4f', input: 'vec4f', weights: 'vec4f', bias: 'vec4f' };
  return program(`depthwise ${JSON.stringify(key)}`, buffers, numbers, Math.ceil(numbers.all / budget.workgroup), tiled(budget.workgroup, pixels, 1, stride, `
for (var ky = 0; ky < ${size}; ky++) {
let y = row * ${stride} + ky - n.top;
if (y < 0 || y >= n.height) { continue; }
${addresses(seen, 'groups')}
${loads(seen, 'vec4f()', 'c')}
${unrolled(size, (kx) => `{ let w = weights[(ky * ${size} + ${kx}) * n.groups + c];
${unrolled(pixels, (p) => `s${p}_0 += w * i${p * stride + kx};`)} }`)}
}
${stored(pixels, 1, over, 'select(sum, swish(sum), n.swish == 1)')}`));
}

/**
 * Long sums, of which several threads of a workgroup compute a share each.
 * @param {string} type @param {Pick<Budget, 'shares' | 'workgroup'>} budget @param {string} add  the share `share` to `sum` @param {string} value  of result `id`
 */
function summed(type, { shares, workgroup }, add, value) {
  const results = workgroup / shares;
  return `${shares > 1 ? `var<workgroup> sums: array<${type}, ${workgroup}>;` : ''}
@compute @workgroup_size(${results}, ${shares})
fn main(@builtin(local_invocation_id) me: vec3u, @builtin(workgroup_id) place: vec3u) {
let id = i32(place.x * ${results} + me.x);
let share = i32(me.y);
var sum = ${type}();
if (id < n.all) { ${add} }
${shares > 1 ? `sums[me.y * ${results} + me.x] = sum;
workgroupBarrier();
if (me.y > 0) { return; }
for (var other = 1u; other < ${shares}; other++) { sum += sums[other * ${results} + me.x]; }` : ''}
if (id < n.all) { result[id] = ${value}; }
}`;
}

/**
 * The mean of all pixels: input [pixels, channels], result [channels].
 * @param {number} pixels @param {number} channels @param {Budget} budget @returns {Program}
 */
export function mean(pixels, channels, budget) {
  const { shares, workgroup } = budget;
  const [all, vector] = channels % LANES ? [channels, 'f32'] : [channels / LANES, 'vec4f'];
  return program(`mean ${shares} ${vector}`, { result: vector, input: vector }, { all, pixels }, Math.ceil(all * shares / workgroup), summed(vector, budget, `
for (var p = share; p < n.pixels; p += ${shares}) { sum += input[p * n.all + id]; }`, 'sum / f32(n.pixels)'));
}

/**
 * A product of matrices for few columns: input [rows, depth], weights [depth, columns], bias [columns].
 * @param {{rows: number, depth: number, columns: number, bias: boolean, relu: boolean}} sizes @param {Budget} budget @returns {Program}
 */
export function dense({ rows, depth, columns, bias, relu }, budget) {
  const { shares, workgroup } = budget;
  const sum = bias ? 'sum + bias[id % n.columns]' : 'sum';
  const buffers = { result: 'f32', input: 'f32', weights: 'f32', ...(bias ? { bias: 'f32' } : {}) };
  const numbers = { all: rows * columns, depth, columns };
  return program(`dense ${shares} ${bias} ${relu}`, buffers, numbers, Math.ceil(numbers.all * shares / workgroup), summed('f32', budget, `
for (var k = share; k < n.depth; k += ${shares}) { sum += input[id / n.columns * n.depth + k] * weights[k * n.columns + id % n.columns]; }`, relu ? `max(${sum}, 0.0)` : sum));
}

/**
 * Two small layers on one row: input [from], first [from, hidden], second [hidden, to]. Of a head the first
 * ends in relu. A gate is squeeze and excite after the mean: the first ends in swish, the second in sigmoid.
 * One workgroup does both products, since the second needs all of the first.
 * @param {{from: number, hidden: number, to: number, gate: boolean}} sizes @param {Budget} budget @returns {Program}
 */
export function twoLayers({ from, hidden, to, gate }, { gate: threads }) {
  if (hidden > MOST_HIDDEN) throw new Error(`two layers: ${hidden} units do not fit the workgroup's memory`);
  const shares = Math.max(1, Math.floor(threads / hidden));
  const [all, vector] = to % LANES ? [to, 'f32'] : [to / LANES, 'vec4f'];
  const buffers = { result: vector, input: 'f32', first: 'f32', firstBias: 'f32', second: vector, secondBias: vector };
  const product = (/** @type {string} */ begin) => `
for (var k = ${begin}; k < n.depth; k += ${shares > 1 ? 'n.shares' : 1}) { sum += input[k] * first[k * n.hidden + unit]; }`;
  const shared = shares > 1;
  return program(`two layers ${threads} ${shared} ${vector} ${gate}`, buffers, { depth: from, all, hidden, shares }, 1, `
${shared ? `var<workgroup> sums: array<f32, ${MOST_HIDDEN}>;` : ''}
var<workgroup> units: array<f32, ${MOST_HIDDEN}>;
@compute @workgroup_size(${threads})
fn main(@builtin(local_invocation_index) index: u32) {
let me = i32(index);
${shared ? `for (var part = me; part < n.shares * n.hidden; part += ${threads}) {
var sum = 0.0;
let unit = part % n.hidden;
${product('part / n.hidden')}
sums[part] = sum;
}
workgroupBarrier();` : ''}
for (var unit = me; unit < n.hidden; unit += ${threads}) {
var sum = firstBias[unit];
${shared ? 'for (var share = 0; share < n.shares; share++) { sum += sums[share * n.hidden + unit]; }' : product('0')}
units[unit] = ${gate ? 'swish(vec4f(sum)).x' : 'max(sum, 0.0)'};
}
workgroupBarrier();
for (var column = me; column < n.all; column += ${threads}) {
var sum = secondBias[column];
for (var unit = 0; unit < n.hidden; unit++) { sum += units[unit] * second[unit * n.all + column]; }
result[column] = ${gate ? 'sigmoid(sum)' : 'sum'};
}
}`);
}
