/** How a convolution lies over its input, along one side of it. */

/** The first pixel of the input that the first output pixel reads, and how many there are. @param {number} size @param {number} kernel @param {number} stride @param {boolean} same */
export function along(size, kernel, stride, same) {
  if (!same) return { count: Math.floor((size - kernel) / stride) + 1, before: 0 };
  const count = Math.ceil(size / stride);
  const padded = Math.max(0, (count - 1) * stride + kernel - size);
  return { count, before: Math.floor(padded / 2) };
}
