/**
 * Rewrites a graph for kernels of our own: several nodes become one.
 *
 * What is not exactly one of these patterns stays as it is, so any model runs:
 * - a convolution with its bias, followed by swish, by the residual that is added, or by nothing;
 * - a depthwise convolution with its bias, followed by swish or by nothing;
 * - squeeze and excite: mean, convolution, swish, convolution, sigmoid, product. The product becomes a
 *   scale of the convolution that reads it; on a GPU the mean is a node of its own;
 * - a mean of all pixels;
 * - on a GPU: heads of two layers on such a mean, and products of matrices with few columns.
 */

/**
 * A GraphDef's node, as `model.json` has it.
 * @typedef {{name: string, op: string, input?: string[], attr?: Record<string, any>}} Node
 * How a convolution's weights lie: in panels of output channels, as they are or as Winograd's points.
 * @typedef {'panels' | 'points'} Layout
 * @typedef {{nodes: Node[], layouts: Map<string, Layout>}} Fused  `layouts`: of the weights that are not laid out as in the file
 */

export const CONVOLUTION = 'LentigoConvolution';
export const DEPTHWISE = 'LentigoDepthwise';
/** Squeeze and excite without the product that it ends in. */
export const GATE = 'LentigoGate';
/** The same from the mean on. */
export const EXCITE = 'LentigoExcite';
export const MEAN = 'LentigoMean';
export const DENSE = 'LentigoDense';
/** Two layers of a head on one row, of which the first ends in relu. */
export const HEAD = 'LentigoHead';
/** All convolutions and gates of WebAssembly (`network.js`). */
export const NETWORK = 'LentigoNetwork';
/** Output channels that a convolution on WebAssembly computes together; `kernels.c` says the same. */
const PANEL = 8;
export const LANES = 4;
/** What a row of three weights is at each of six points (Winograd's G of F(4x4, 3x3)). */
const POINTS = [[1 / 4, 0, 0], [-1 / 6, -1 / 6, -1 / 6], [-1 / 6, 1 / 6, -1 / 6], [1 / 24, 1 / 12, 1 / 6], [1 / 24, -1 / 12, 1 / 6], [0, 0, 1]];
/** For more columns a product of matrices wants another kernel. */
const MOST_COLUMNS = 64;

/**
 * What the kernels of a backend can. `channels` divides the output channels of a convolution; `depth`
 * is the most of taps times input channels; `points` the most input channels of one by Winograd's
 * algorithm; `apart`: the mean of a gate is a node of its own, and heads are kernels; `joins`: convolutions
 * and gates become one node.
 * @typedef {{channels: number, depth: number, points: number, packs: boolean, apart: boolean, joins: boolean}} Abilities
 */
/** What a tile sees must fit into BLOCK_BYTES and SCRATCH_BYTES of `kernels.c`. @type {Abilities} */
export const WASM = { channels: PANEL, depth: 4096, points: 224, packs: true, apart: false, joins: true };
/** @type {Abilities} */
export const WEBGPU = { channels: LANES, depth: Infinity, points: 0, packs: false, apart: true, joins: false };

/** @param {Node} node @param {string} name */
function text(node, name) {
  const value = node.attr?.[name]?.s;
  return value === undefined ? '' : atob(value);
}

/** @param {Node} node @param {string} name @returns {number[]} */
function integers(node, name) {
  return (node.attr?.[name]?.list?.i ?? []).map(Number);
}

/** What is done to a node's result, such as "BiasAdd,Relu". @param {Node} node */
const fusedOps = (node) => String((node.attr?.fused_ops?.list?.s ?? []).map(atob));

/** @param {Node} node  a product of matrices */
const transposed = ({ attr }) => Boolean(attr?.transpose_a?.b || attr?.transpose_b?.b);

/** @param {Node} node  a convolution @returns {number | null} its stride; null where it is another kind of convolution */
function strideOf(node) {
  const [batch = 1, down = 1, across = 1, channel = 1] = integers(node, 'strides');
  const plain =
    node.input?.length === 3 && fusedOps(node) === 'BiasAdd' &&
    batch === 1 && channel === 1 && down === across &&
    ['SAME', 'VALID'].includes(text(node, 'padding')) &&
    ['NHWC', ''].includes(text(node, 'data_format')) &&
    integers(node, 'dilations').every((dilation) => dilation === 1);
  return plain ? down : null;
}

/** @param {number} value */
const integer = (value) => ({ i: String(value) });

/**
 * @param {Node[]} nodes
 * @param {(name: string) => number[] | undefined} shapeOf  of a weight
 * @param {(name: string) => ArrayLike<number> | undefined} valuesOf  a weight's
 * @param {Abilities} abilities
 * @returns {Fused}
 */
export function fuse(nodes, shapeOf, valuesOf, abilities) {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  /** @type {Map<string, Node[]>} */
  const readers = new Map(nodes.map(({ name }) => [name, []]));
  for (const node of nodes) node.input?.forEach((name) => readers.get(name)?.push(node));
  /** @type {Map<string, Node>} What stands in a node's place. */
  const instead = new Map();
  /** @type {Set<string>} */
  const gone = new Set();
  /** @type {Fused['layouts']} */
  const layouts = new Map();
  /** Products of a gate and what it gates, by name. @type {Map<string, {source: string, gate: string}>} */
  const scales = new Map();

  /** The only reader of a node, if it is of this kind. @param {Node} node @param {string} op */
  const onlyReader = ({ name }, op) => {
    const [reader, another] = readers.get(name) ?? [];
    return reader?.op === op && !another ? reader : null;
  };

  /** The product that ends a swish of this node: x · sigmoid(x). @param {Node} node */
  const swishOf = (node) => {
    const all = readers.get(node.name) ?? [];
    const sigmoid = all.find(({ op }) => op === 'Sigmoid');
    const product = sigmoid && onlyReader(sigmoid, 'Mul');
    const whole = product && all.length === 2 && all.includes(product);
    return whole ? { nodes: [node, sigmoid], product } : null;
  };

  /** @param {Node[]} replaced @param {Node} last @param {Node} by */
  const replace = (replaced, last, by) => {
    replaced.forEach(({ name }) => gone.add(name));
    instead.set(last.name, by);
  };

  /** @param {Node} node @param {number} stride @param {boolean} swish */
  const attributes = (node, stride, swish) => ({
    stride: integer(stride),
    same: integer(Number(text(node, 'padding') === 'SAME')),
    swish: integer(Number(swish)),
  });

  /** @param {Node} mean */
  const fuseGate = (mean) => {
    const [source, axes] = mean.input ?? [];
    const reduce = onlyReader(mean, '_FusedConv2D');
    const swish = reduce && swishOf(reduce);
    const expand = swish && onlyReader(swish.product, '_FusedConv2D');
    const sigmoid = expand && onlyReader(expand, 'Sigmoid');
    const product = sigmoid && onlyReader(sigmoid, 'Mul');
    if (!product || !product.input?.includes(source) || !mean.attr?.keep_dims?.b) return;
    if (String(valuesOf(axes)) !== '1,2' || strideOf(reduce) !== 1 || strideOf(expand) !== 1) return;
    const [, reduceWeights, reduceBias] = /** @type {string[]} */ (reduce.input);
    const [, expandWeights, expandBias] = /** @type {string[]} */ (expand.input);
    const [height, width, channels, reduced] = shapeOf(reduceWeights) ?? [];
    const [expandHeight, expandWidth] = shapeOf(expandWeights) ?? [];
    if (height * width * expandHeight * expandWidth !== 1 || channels % LANES || reduced < LANES) return;
    const excitation = [...swish.nodes, swish.product, expand];
    replace(abilities.apart ? excitation : [mean, ...excitation], sigmoid, {
      name: sigmoid.name,
      op: abilities.apart ? EXCITE : GATE,
      input: [abilities.apart ? mean.name : source, reduceWeights, reduceBias, expandWeights, expandBias],
      attr: {},
    });
    scales.set(product.name, { source, gate: sigmoid.name });
  };

  /** @param {Node} node */
  const fuseConvolution = (node) => {
    const stride = strideOf(node);
    const [input, weights, bias] = node.input ?? [];
    const [height, width, depth, channels] = shapeOf(weights) ?? [];
    if (stride === null || gone.has(node.name)) return;
    if (!(height * width * depth <= abilities.depth) || channels % abilities.channels || readers.get(weights)?.length !== 1) return;
    const swish = swishOf(node);
    const sum = swish ? null : onlyReader(node, 'AddV2');
    const other = sum?.input?.find((name) => name !== node.name);
    const residual = other && !instead.has(sum?.name ?? '') ? other : null;
    const last = swish?.product ?? (residual ? sum : null) ?? node;
    const scale = height * width * stride === 1 && readers.get(input)?.length === 1 ? scales.get(input) : undefined;
    if (scale) gone.add(input);
    const points = height * width === 9 && height === width && stride === 1 && depth % LANES === 0 && depth <= abilities.points;
    if (abilities.packs) layouts.set(weights, points ? 'points' : 'panels');
    replace(last === node ? [] : swish?.nodes ?? [node], last, {
      name: last.name,
      op: CONVOLUTION,
      input: [scale?.source ?? input, weights, bias, ...(residual ? [residual] : []), ...(scale ? [scale.gate] : [])],
      attr: {
        ...attributes(node, stride, Boolean(swish)), height: integer(height), width: integer(width), points: integer(Number(points)),
        residual: integer(Number(Boolean(residual))), scale: integer(Number(Boolean(scale))),
      },
    });
  };

  /** @param {Node} node */
  const fuseDepthwise = (node) => {
    const stride = strideOf(node);
    const [height, width, channels, multiplier] = shapeOf(node.input?.[1] ?? '') ?? [];
    if (stride === null || !(height > 0) || height !== width || channels % LANES || multiplier !== 1) return;
    const swish = swishOf(node);
    const last = swish?.product ?? node;
    replace(swish?.nodes ?? [], last, {
      name: last.name, op: DEPTHWISE, input: node.input,
      attr: { ...attributes(node, stride, Boolean(swish)), size: integer(height) },
    });
  };

  /** A mean of all pixels. @param {Node} node */
  const fuseMean = (node) => {
    const [source, axes] = node.input ?? [];
    if (gone.has(node.name) || String(valuesOf(axes)) !== '1,2') return;
    replace([], node, { name: node.name, op: MEAN, input: [source], attr: { keep: integer(Number(Boolean(node.attr?.keep_dims?.b))) } });
  };

  /** Two layers on a mean of all pixels, which is one row. @param {Node} node  the first */
  const fuseHead = (node) => {
    const second = onlyReader(node, '_FusedMatMul');
    const [input, weights, bias] = node.input ?? [];
    const mean = instead.get(input);
    if (!second || fusedOps(node) !== 'BiasAdd,Relu' || fusedOps(second) !== 'BiasAdd' || transposed(node) || transposed(second)) return;
    if (mean?.op !== MEAN || mean.attr?.keep.i !== '0' || second.input?.[0] !== node.name) return;
    if (![weights, second.input[1]].every((name) => (shapeOf(name)?.[1] ?? Infinity) <= MOST_COLUMNS)) return;
    replace([node], second, { name: second.name, op: HEAD, input: [input, weights, bias, ...second.input.slice(1)], attr: {} });
  };

  /** A layer of a head, or a convolution without a bias that sees one pixel at a time. @param {Node} node */
  const fuseDense = (node) => {
    const [input, weights, ...bias] = node.input ?? [];
    const fused = fusedOps(node);
    const shape = shapeOf(weights) ?? [];
    const [height, width] = shape;
    if (gone.has(node.name) || instead.has(node.name) || !(shape[shape.length - 1] <= MOST_COLUMNS)) return;
    const plain = node.op === 'Conv2D'
      ? height * width === 1 && ['NHWC', ''].includes(text(node, 'data_format')) && integers(node, 'strides').every((stride) => stride === 1)
      : bias.length === 1 && ['BiasAdd', 'BiasAdd,Relu'].includes(fused) && !transposed(node);
    if (plain) replace([], node, { name: node.name, op: DENSE, input: [input, weights, ...bias], attr: { relu: integer(Number(fused.includes('Relu'))) } });
  };

  nodes.filter(({ op }) => op === 'Mean').forEach(fuseGate);
  nodes.filter(({ op }) => op === '_FusedConv2D').forEach(fuseConvolution);
  nodes.filter(({ op }) => op === 'FusedDepthwiseConv2dNative').forEach(fuseDepthwise);
  nodes.filter(({ op }) => op === 'Mean').forEach(fuseMean);
  if (abilities.apart) {
    nodes.filter(({ op }) => op === '_FusedMatMul').forEach(fuseHead);
    nodes.filter(({ op }) => op === 'Conv2D' || op === '_FusedMatMul').forEach(fuseDense);
  }
  return {
    nodes: nodes.filter(({ name }) => !gone.has(name)).map((node) => instead.get(node.name) ?? byName.get(node.name) ?? node),
    layouts,
  };
}

/**
 * Lays a convolution's weights out in panels.
 * @param {ArrayLike<number>} values  [..., input channels, output channels]
 * @param {number} channels  output channels, a multiple of PANEL
 * @returns {Float32Array} [output channels / PANEL, ..., input channels, PANEL]
 */
export function pack(values, channels) {
  const rows = values.length / channels;
  const packed = new Float32Array(values.length);
  for (let panel = 0, at = 0; panel < channels; panel += PANEL) {
    for (let row = 0; row < rows; row += 1) {
      for (let lane = 0; lane < PANEL; lane += 1, at += 1) {
        packed[at] = values[row * channels + panel + lane];
      }
    }
  }
  return packed;
}

/**
 * Turns weights of 3x3 into those at Winograd's 6x6 points.
 * @param {ArrayLike<number>} values  [3, 3, ...]
 * @returns {Float32Array} [6, 6, ...]
 */
export function toPoints(values) {
  const plane = values.length / 9;
  const points = new Float32Array(plane * 36);
  for (const [down, rows] of POINTS.entries()) {
    for (const [across, columns] of POINTS.entries()) {
      const factors = rows.flatMap((row) => columns.map((column) => row * column));
      for (let at = 0; at < plane; at += 1) {
        let sum = 0;
        for (let tap = 0; tap < 9; tap += 1) sum += factors[tap] * values[tap * plane + at];
        points[(down * 6 + across) * plane + at] = sum;
      }
    }
  }
  return points;
}
