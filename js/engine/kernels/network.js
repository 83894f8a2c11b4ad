/**
 * All convolutions and gates of WebAssembly as one node: each node that TF.js runs costs some 40 µs, which
 * the threads do not share, and memory of its own.
 */

import { CONVOLUTION, DEPTHWISE, GATE, NETWORK } from './fusion.js';
import { inputsOf } from './operations.js';

/** @typedef {import('./fusion.js').Node} Node */
/**
 * `kernel` is an index of KERNELS. `reads` are places: those of the node's inputs come first, then those of
 * what the steps before it made.
 * @typedef {{kernel: number, reads: number[], how: Record<string, number>}} Step
 * What a kernel makes of inputs of some shapes: with `spare` numbers that it needs beside them, and by
 * `run`, which is told the addresses.
 * @typedef {{shape: number[], spare?: number, run: (at: Record<string, number>) => void}} Prepared
 * @typedef {(kernel: string, shapes: Record<string, number[]>, how: Record<string, number>) => Prepared} Prepare
 * `offsets` and `spare` count numbers, of the `room` that the steps share.
 * @typedef {{shape: number[], room: number, offsets: number[], steps: {run: Prepared['run'], reads: [string, number][], spare: number}[]}} Plan
 */

const KERNELS = [CONVOLUTION, DEPTHWISE, GATE];
/** Numbers in a line of the processor's cache. */
const LINE = 16;

/**
 * Makes one node of the kernels where nothing else reads what they hand on to each other.
 * @param {Node[]} nodes  each after those that it reads @returns {Node[]}
 */
export function join(nodes) {
  const ours = nodes.filter(({ op }) => KERNELS.includes(op));
  const made = new Set(ours.map(({ name }) => name));
  const others = nodes.filter(({ name }) => !made.has(name));
  const read = new Set(others.flatMap(({ input = [] }) => input).filter((name) => made.has(name)));
  const last = ours[ours.length - 1]?.name;
  if (read.size !== 1 || !read.has(last)) return nodes;
  const given = new Set(ours.flatMap(({ input = [] }) => input).filter((name) => !made.has(name)));
  const places = new Map([...given, ...made].map((name, place) => [name, place]));
  const steps = ours.map(({ op, input = [], attr = {} }) => ({
    kernel: KERNELS.indexOf(op),
    reads: input.map((name) => places.get(name)),
    how: Object.fromEntries(Object.entries(attr).map(([name, { i }]) => [name, Number(i)])),
  }));
  // TF.js gives a text in small letters: all of these are.
  const joined = { name: last, op: NETWORK, input: [...given], attr: { steps: { s: btoa(JSON.stringify(steps)) } } };
  return nodes.flatMap((node) => (node.name === last ? [joined] : made.has(node.name) ? [] : [node]));
}

/**
 * Lays out what the steps make in one room, where each keeps its place until it was read for the last time.
 * @param {Step[]} steps @param {number[][]} given  shapes of the node's inputs @param {Prepare} prepare @returns {Plan}
 */
export function planOf(steps, given, prepare) {
  const shapes = [...given];
  /** @type {Map<number, number>} The last step that reads a place. */
  const until = new Map();
  steps.forEach(({ reads }, index) => reads.forEach((place) => until.set(place, index)));
  /** @type {{from: number, to: number, until: number}[]} */
  let taken = [];
  let room = 0;
  /** @param {number} count @param {number} last */
  const take = (count, last) => {
    let from = 0;
    for (const part of taken) {
      if (part.from - from >= count) break;
      from = part.to;
    }
    const to = from + Math.ceil(count / LINE) * LINE;
    taken = [...taken, { from, to, until: last }].sort((a, b) => a.from - b.from);
    room = Math.max(room, to);
    return from;
  };
  /** @type {number[]} */
  const offsets = [];
  const planned = steps.map(({ kernel, reads, how }, index) => {
    taken = taken.filter((part) => part.until >= index);
    const names = inputsOf(KERNELS[kernel], how);
    const { shape, spare = 0, run } = prepare(KERNELS[kernel], Object.fromEntries(names.map((name, at) => [name, shapes[reads[at]]])), how);
    offsets.push(take(shape.reduce((size, side) => size * side, 1), until.get(shapes.length) ?? index));
    shapes.push(shape);
    return { run, reads: /** @type {[string, number][]} */ (names.map((name, at) => [name, reads[at]])), spare: take(spare, index) };
  });
  return { shape: shapes[shapes.length - 1], room, offsets, steps: planned };
}
