/**
 * Convolutions for the WebAssembly backend of TensorFlow.js: float32, NHWC, one picture.
 *
 * They compute what the graph's nodes say, several nodes at once: a convolution with its bias, its
 * activation, the scale of what it reads and the residual that is added to it; a whole squeeze-and-excite
 * gate; a mean. They work in the memory of TF.js itself, so no tensor is copied. Multiplication and
 * addition are fused where the processor can (relaxed SIMD), and the threads of a pool share each job.
 *
 * There is no data of our own in that memory: no statics, no string, and each instance is told
 * where its stack lies. `kernels.js` registers the kernels, docs/decisions/0011-kernels.md says why.
 */

#include <stdatomic.h>
#include <stddef.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name))) name
#define INLINE static inline __attribute__((always_inline))
// What is indexed by such a loop stays in registers.
#define UNROLLED _Pragma("clang loop unroll(full)")

typedef enum { NONE, SWISH } Activation;

// ---------------------------------------------------------------------------------------------
// Threads

typedef void Work(const void *job, int share, int thread);

/** What the threads share; JavaScript allocates it, all zeros, and sets `threads`. */
typedef struct {
  int threads;              // with the one that hands out the jobs
  _Atomic int generation;   // counts the jobs; a thread that sleeps, sleeps on it
  _Atomic int working;      // threads that have not yet finished with the present job
  _Atomic int next_share;   // the first share that nobody has taken
  int shares;
  Work *work;
  const void *job;
} Pool;

// Between two kernels TF.js takes some microseconds; a thread that slept would wake too late.
enum { SPINS = 20000 };

static void take_shares(Pool *pool, int thread) {
  for (;;) {
    const int share = atomic_fetch_add(&pool->next_share, 1);
    if (share >= pool->shares) return;
    pool->work(pool->job, share, thread);
  }
}

/** Does all shares of a job, with the other threads where there are some. */
static void share_out(Pool *pool, Work *work, const void *job, int shares) {
  if (pool->threads == 1 || shares == 1) {
    for (int share = 0; share < shares; share++) work(job, share, 0);
    return;
  }
  pool->work = work;
  pool->job = job;
  pool->shares = shares;
  atomic_store(&pool->next_share, 0);
  atomic_store(&pool->working, pool->threads - 1);
  atomic_fetch_add(&pool->generation, 1);
  __builtin_wasm_memory_atomic_notify((int *)&pool->generation, pool->threads - 1);
  take_shares(pool, 0);
  while (atomic_load(&pool->working) > 0) {
  }
}

/** What every other thread does for as long as it lives. */
void EXPORT(serve)(Pool *pool, int thread) {
  for (int seen = 0;; seen++) {
    for (int spin = 0; spin < SPINS && atomic_load(&pool->generation) == seen; spin++) {
    }
    while (atomic_load(&pool->generation) == seen) {
      __builtin_wasm_memory_atomic_wait32((int *)&pool->generation, seen, -1);
    }
    take_shares(pool, thread);
    atomic_fetch_sub(&pool->working, 1);
  }
}

// ---------------------------------------------------------------------------------------------
// Arithmetic

/** a · b + c, rounded once or twice. */
INLINE v128_t multiply_add(v128_t a, v128_t b, v128_t c) {
#ifdef __wasm_relaxed_simd__
  return wasm_f32x4_relaxed_madd(a, b, c);
#else
  return wasm_f32x4_add(wasm_f32x4_mul(a, b), c);
#endif
}

/** e^x for x <= 0, to within 3e-7 of its value down to e^-87, which everything below gives. */
INLINE v128_t exponential(v128_t x) {
  // x = n ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts, so that r is exact. e^r by its Taylor
  // polynomial: the first term left out is below 1.2e-8 of it.
  x = wasm_f32x4_pmax(x, wasm_f32x4_const_splat(-87.0f));
  const v128_t n = wasm_f32x4_nearest(wasm_f32x4_mul(x, wasm_f32x4_const_splat(1.44269504f)));
  v128_t r = multiply_add(n, wasm_f32x4_const_splat(-0.693359375f), x);
  r = multiply_add(n, wasm_f32x4_const_splat(2.12194440e-4f), r);
  v128_t sum = wasm_f32x4_const_splat(1.0f / 720);
  sum = multiply_add(sum, r, wasm_f32x4_const_splat(1.0f / 120));
  sum = multiply_add(sum, r, wasm_f32x4_const_splat(1.0f / 24));
  sum = multiply_add(sum, r, wasm_f32x4_const_splat(1.0f / 6));
  sum = multiply_add(sum, r, wasm_f32x4_const_splat(0.5f));
  sum = multiply_add(sum, r, wasm_f32x4_const_splat(1.0f));
  sum = multiply_add(sum, r, wasm_f32x4_const_splat(1.0f));
  const v128_t power = wasm_i32x4_shl(wasm_i32x4_trunc_sat_f32x4(n), 23);
  return wasm_i32x4_add(sum, power);
}

/** 1 / (1 + e^-x), from e^-|x|, which cannot overflow. */
INLINE v128_t sigmoid(v128_t x) {
  const v128_t e = exponential(wasm_v128_or(x, wasm_f32x4_const_splat(-0.0f)));
  const v128_t one = wasm_f32x4_const_splat(1.0f);
  const v128_t positive = wasm_f32x4_ge(x, wasm_f32x4_const_splat(0.0f));
  return wasm_f32x4_div(wasm_v128_bitselect(one, e, positive), wasm_f32x4_add(one, e));
}

INLINE v128_t activated(v128_t x, Activation activation) {
  return activation == SWISH ? wasm_f32x4_mul(x, sigmoid(x)) : x;
}

// ---------------------------------------------------------------------------------------------
// Convolution as a product of matrices. A tile of PIXELS output pixels is gathered once: what the
// taps see, value after value, one for each pixel. Then its sums for a panel of PANEL channels at a
// time stay in registers.

// As many sums as x86-64 has registers for; a larger tile, or a loop that is unrolled, makes V8 spill.
enum { PANEL = 8, PIXELS = 4, BLOCK_BYTES = 65536, SCRATCH_BYTES = 131072 };

/** Everything is where JavaScript says; weights as [output channels / PANEL][depth][PANEL]. */
typedef struct {
  const float *input;
  const float *weights;
  const float *bias;
  const float *residual;  // added to the output, or null
  const float *scale;     // of the input, for each of its channels, or null
  const float *zeros;     // as many as there are input channels: what lies outside the picture
  float *scratch;         // SCRATCH_BYTES for each thread
  float *output;
  int input_height, input_width, input_channels;
  int output_height, output_width, output_channels;
  int kernel_height, kernel_width, stride, top, left;  // what is padded above and to the left
  Activation activation;
} Convolution;

INLINE int smaller(int a, int b) { return a < b ? a : b; }
INLINE int larger(int a, int b) { return a > b ? a : b; }

INLINE float *scratch_of(const Convolution *c, int thread) { return c->scratch + thread * (SCRATCH_BYTES / 4); }

/** The output pixel at an index; what would be over the end is the last one again. */
INLINE int pixel_at(const Convolution *c, int index) {
  return smaller(index, c->output_height * c->output_width - 1);
}

/** Writes four channels of a tile's four pixels, times their scale, pixel after pixel for each channel. */
INLINE void transpose(const float *const from[PIXELS], int channel, v128_t scale, float *to) {
  const v128_t a = wasm_f32x4_mul(wasm_v128_load(from[0] + channel), scale);
  const v128_t b = wasm_f32x4_mul(wasm_v128_load(from[1] + channel), scale);
  const v128_t c = wasm_f32x4_mul(wasm_v128_load(from[2] + channel), scale);
  const v128_t d = wasm_f32x4_mul(wasm_v128_load(from[3] + channel), scale);
  const v128_t ab_low = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), ab_high = wasm_i32x4_shuffle(a, b, 2, 6, 3, 7);
  const v128_t cd_low = wasm_i32x4_shuffle(c, d, 0, 4, 1, 5), cd_high = wasm_i32x4_shuffle(c, d, 2, 6, 3, 7);
  wasm_v128_store(to, wasm_i64x2_shuffle(ab_low, cd_low, 0, 2));
  wasm_v128_store(to + 4, wasm_i64x2_shuffle(ab_low, cd_low, 1, 3));
  wasm_v128_store(to + 8, wasm_i64x2_shuffle(ab_high, cd_high, 0, 2));
  wasm_v128_store(to + 12, wasm_i64x2_shuffle(ab_high, cd_high, 1, 3));
}

/** Gathers what a tile sees, [depth][PIXELS]; outside the picture there are zeros. */
static void gather(const Convolution *c, int first, float *tile) {
  int y[PIXELS], x[PIXELS];
  for (int i = 0; i < PIXELS; i++) {
    const int pixel = pixel_at(c, first + i);
    y[i] = pixel / c->output_width * c->stride - c->top;
    x[i] = pixel % c->output_width * c->stride - c->left;
  }
  for (int tap = 0; tap < c->kernel_height * c->kernel_width; tap++) {
    const float *from[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      const int row = y[i] + tap / c->kernel_width, column = x[i] + tap % c->kernel_width;
      const int inside = row >= 0 && row < c->input_height && column >= 0 && column < c->input_width;
      from[i] = inside ? c->input + (row * c->input_width + column) * c->input_channels : c->zeros;
    }
    int channel = 0;
    for (; channel + 4 <= c->input_channels; channel += 4, tile += 4 * PIXELS) {
      transpose(from, channel, c->scale ? wasm_v128_load(c->scale + channel) : wasm_f32x4_const_splat(1.0f), tile);
    }
    for (; channel < c->input_channels; channel++, tile += PIXELS) {
      for (int i = 0; i < PIXELS; i++) tile[i] = from[i][channel] * (c->scale ? c->scale[channel] : 1.0f);
    }
  }
}

INLINE void accumulate(v128_t sums[PIXELS][2], const float *tile, const float *weights) {
  const v128_t low = wasm_v128_load(weights), high = wasm_v128_load(weights + 4);
  UNROLLED for (int i = 0; i < PIXELS; i++) {
    const v128_t value = wasm_v128_load32_splat(tile + i);
    sums[i][0] = multiply_add(value, low, sums[i][0]);
    sums[i][1] = multiply_add(value, high, sums[i][1]);
  }
}

static void convolve_tile(const Convolution *c, int first, const float *tile, int depth, int panel) {
  const float *weights = c->weights + panel * PANEL * depth;
  const int channel = panel * PANEL;
  v128_t sums[PIXELS][2];
  UNROLLED for (int i = 0; i < PIXELS; i++) {
    sums[i][0] = wasm_v128_load(c->bias + channel);
    sums[i][1] = wasm_v128_load(c->bias + channel + 4);
  }
  for (int k = 0; k < depth; k++, tile += PIXELS, weights += PANEL) accumulate(sums, tile, weights);
  UNROLLED for (int i = 0; i < PIXELS; i++) {
    UNROLLED for (int half = 0; half < 2; half++) {
      const int at = pixel_at(c, first + i) * c->output_channels + channel + 4 * half;
      v128_t value = activated(sums[i][half], c->activation);
      if (c->residual) value = wasm_f32x4_add(value, wasm_v128_load(c->residual + at));
      wasm_v128_store(c->output + at, value);
    }
  }
}

/** Tiles in blocks that fit into the cache, and panels in groups where there are too few blocks to share. */
typedef struct { const Convolution *c; int depth, tiles, blocks, groups; } Plan;

static Plan plan_of(const Pool *pool, const Convolution *c, int depth, int tiles, int bytes) {
  const int fits = larger(1, bytes / 4 / (PIXELS * depth));
  const int least = (tiles + fits - 1) / fits;
  // As many for each thread; none is larger by more than a tile.
  const int even = (least + pool->threads - 1) / pool->threads * pool->threads;
  const int blocks = least == 1 ? 1 : smaller(even, tiles);
  const int alone = pool->threads == 1 || blocks >= 8;
  const Plan plan = {c, depth, tiles, blocks, alone ? 1 : smaller(8 / blocks, c->output_channels / PANEL)};
  return plan;
}

static void share_out_plan(Pool *pool, Work *work, const Plan *plan) {
  share_out(pool, work, plan, plan->blocks * plan->groups);
}

typedef void Gather(const Convolution *c, int first, float *tile);
typedef void Convolve(const Convolution *c, int first, const float *tile, int depth, int panel);

INLINE void work_on(const Plan *p, int share, int thread, Gather *gather_tile, Convolve *convolve) {
  const Convolution *c = p->c;
  const int group = share % p->groups;
  const int block = share / p->groups;
  const int first = p->tiles * block / p->blocks;
  const int count = p->tiles * (block + 1) / p->blocks - first;
  float *tiles = scratch_of(c, thread);
  for (int i = 0; i < count; i++) gather_tile(c, (first + i) * PIXELS, tiles + i * PIXELS * p->depth);
  const int panels = c->output_channels / PANEL;
  for (int panel = panels * group / p->groups; panel < panels * (group + 1) / p->groups; panel++) {
    for (int i = 0; i < count; i++) {
      convolve(c, (first + i) * PIXELS, tiles + i * PIXELS * p->depth, p->depth, panel);
    }
  }
}

static void convolve_share(const void *job, int share, int thread) {
  work_on(job, share, thread, gather, convolve_tile);
}

void EXPORT(convolve)(Pool *pool, const Convolution *c) {
  const int depth = c->kernel_height * c->kernel_width * c->input_channels;
  const int tiles = (c->output_height * c->output_width + PIXELS - 1) / PIXELS;
  const Plan plan = plan_of(pool, c, depth, tiles, BLOCK_BYTES);
  share_out_plan(pool, convolve_share, &plan);
}

// ---------------------------------------------------------------------------------------------
// Convolution 3x3 with stride 1 by Winograd's F(4x4, 3x3) (Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks", CVPR 2016): 16 outputs take 36 products for each pair of channels
// instead of 144. What a square of 4x4 outputs sees, 6x6 inputs, becomes 36 points, as the weights
// have already (`fusion.js`); points are multiplied, and their sums become the outputs. Four squares are
// the four pixels of a tile, and each point is a product of matrices like the one above.

enum { SIDE = 4, SEEN = 6, POINTS = SEEN * SEEN };

INLINE int squares_across(const Convolution *c) { return (c->output_width + SIDE - 1) / SIDE; }
INLINE int squares_down(const Convolution *c) { return (c->output_height + SIDE - 1) / SIDE; }

/** The square at an index; what would be over the end is the last one again. */
INLINE int square_at(const Convolution *c, int index) {
  return smaller(index, squares_across(c) * squares_down(c) - 1);
}

/** Six inputs in a row become six points. */
INLINE void to_points(v128_t d[SEEN]) {
  const v128_t two = wasm_f32x4_const_splat(2.0f), four = wasm_f32x4_const_splat(4.0f);
  const v128_t minus_four = wasm_f32x4_const_splat(-4.0f), minus_five = wasm_f32x4_const_splat(-5.0f);
  const v128_t even = multiply_add(d[2], minus_four, d[4]), odd = multiply_add(d[1], minus_four, d[3]);
  const v128_t between = wasm_f32x4_sub(d[4], d[2]), twice = wasm_f32x4_mul(wasm_f32x4_sub(d[3], d[1]), two);
  d[0] = multiply_add(d[0], four, multiply_add(d[2], minus_five, d[4]));
  d[5] = multiply_add(d[1], four, multiply_add(d[3], minus_five, d[5]));
  d[1] = wasm_f32x4_add(even, odd);
  d[2] = wasm_f32x4_sub(even, odd);
  d[3] = wasm_f32x4_add(between, twice);
  d[4] = wasm_f32x4_sub(between, twice);
}

/** Six sums in a row become four outputs. */
INLINE void to_outputs(v128_t m[SEEN]) {
  const v128_t near = wasm_f32x4_add(m[1], m[2]), apart = wasm_f32x4_sub(m[1], m[2]);
  const v128_t far = wasm_f32x4_add(m[3], m[4]), wide = wasm_f32x4_sub(m[3], m[4]);
  m[0] = wasm_f32x4_add(wasm_f32x4_add(m[0], near), far);
  m[1] = multiply_add(wide, wasm_f32x4_const_splat(2.0f), apart);
  m[2] = multiply_add(far, wasm_f32x4_const_splat(4.0f), near);
  m[3] = multiply_add(wide, wasm_f32x4_const_splat(8.0f), wasm_f32x4_add(apart, m[5]));
}

/** The points of four channels of a square, [POINTS][4]. */
static void points_of(const float *const from[POINTS], int channel, float *points) {
  v128_t line[SEEN];
  for (int row = 0; row < SEEN; row++) {
    UNROLLED for (int i = 0; i < SEEN; i++) line[i] = wasm_v128_load(from[row * SEEN + i] + channel);
    to_points(line);
    UNROLLED for (int i = 0; i < SEEN; i++) wasm_v128_store(points + 4 * (row * SEEN + i), line[i]);
  }
  for (int column = 0; column < SEEN; column++, points += 4) {
    UNROLLED for (int i = 0; i < SEEN; i++) line[i] = wasm_v128_load(points + 4 * SEEN * i);
    to_points(line);
    UNROLLED for (int i = 0; i < SEEN; i++) wasm_v128_store(points + 4 * SEEN * i, line[i]);
  }
}

/** Gathers the points of a tile's four squares, [POINTS][input channels][PIXELS]. */
static void gather_points(const Convolution *c, int first, float *tile) {
  const float *from[PIXELS][POINTS];
  for (int i = 0; i < PIXELS; i++) {
    const int square = square_at(c, first + i);
    const int top = square / squares_across(c) * SIDE - c->top, left = square % squares_across(c) * SIDE - c->left;
    for (int point = 0; point < POINTS; point++) {
      const int row = top + point / SEEN, column = left + point % SEEN;
      const int inside = row >= 0 && row < c->input_height && column >= 0 && column < c->input_width;
      from[i][point] = inside ? c->input + (row * c->input_width + column) * c->input_channels : c->zeros;
    }
  }
  float points[PIXELS][POINTS * 4];
  for (int channel = 0; channel < c->input_channels; channel += 4) {
    for (int i = 0; i < PIXELS; i++) points_of(from[i], channel, points[i]);
    for (int point = 0; point < POINTS; point++) {
      const float *const four[PIXELS] = {points[0], points[1], points[2], points[3]};
      transpose(four, 4 * point, wasm_f32x4_const_splat(1.0f), tile + (point * c->input_channels + channel) * PIXELS);
    }
  }
}

/** Four channels of a square's outputs, from sums that lie PIXELS * PANEL values apart. */
static void finish_square(const Convolution *c, int square, int channel, const float *sums) {
  const int top = square / squares_across(c) * SIDE, left = square % squares_across(c) * SIDE;
  float lines[SIDE][SEEN][4];
  v128_t line[SEEN];
  for (int column = 0; column < SEEN; column++) {
    UNROLLED for (int i = 0; i < SEEN; i++) line[i] = wasm_v128_load(sums + (i * SEEN + column) * PIXELS * PANEL);
    to_outputs(line);
    UNROLLED for (int i = 0; i < SIDE; i++) wasm_v128_store(lines[i][column], line[i]);
  }
  const v128_t bias = wasm_v128_load(c->bias + channel);
  const int across = smaller(SIDE, c->output_width - left);
  for (int row = 0; row < smaller(SIDE, c->output_height - top); row++) {
    UNROLLED for (int i = 0; i < SEEN; i++) line[i] = wasm_v128_load(lines[row][i]);
    to_outputs(line);
    const int at = ((top + row) * c->output_width + left) * c->output_channels + channel;
    UNROLLED for (int i = 0; i < SIDE; i++) {
      if (i < across) {
        v128_t value = activated(wasm_f32x4_add(line[i], bias), c->activation);
        if (c->residual) value = wasm_f32x4_add(value, wasm_v128_load(c->residual + at + i * c->output_channels));
        wasm_v128_store(c->output + at + i * c->output_channels, value);
      }
    }
  }
}

/** One panel of channels of a tile's squares; weights as [output channels / PANEL][POINTS][input channels][PANEL]. */
static void convolve_squares(const Convolution *c, int first, const float *tile, int depth, int panel) {
  const float *weights = c->weights + panel * PANEL * depth;
  float all[POINTS][PIXELS][PANEL];
  for (int point = 0; point < POINTS; point++) {
    v128_t sums[PIXELS][2];
    UNROLLED for (int i = 0; i < PIXELS; i++) sums[i][0] = sums[i][1] = wasm_f32x4_const_splat(0.0f);
    for (int k = 0; k < c->input_channels; k++, tile += PIXELS, weights += PANEL) accumulate(sums, tile, weights);
    UNROLLED for (int i = 0; i < PIXELS; i++) {
      wasm_v128_store(all[point][i], sums[i][0]);
      wasm_v128_store(all[point][i] + 4, sums[i][1]);
    }
  }
  for (int i = 0; i < PIXELS; i++) {
    const int square = square_at(c, first + i);
    finish_square(c, square, panel * PANEL, all[0][i]);
    finish_square(c, square, panel * PANEL + 4, all[0][i] + 4);
  }
}

static void convolve_squares_share(const void *job, int share, int thread) {
  work_on(job, share, thread, gather_points, convolve_squares);
}

void EXPORT(convolve_3x3)(Pool *pool, const Convolution *c) {
  const int tiles = (squares_across(c) * squares_down(c) + PIXELS - 1) / PIXELS;
  const Plan plan = plan_of(pool, c, POINTS * c->input_channels, tiles, SCRATCH_BYTES);
  share_out_plan(pool, convolve_squares_share, &plan);
}

// ---------------------------------------------------------------------------------------------
// Depthwise convolution: a share is a row of the output, of some of its channels

enum { CHANNELS = 128 };

INLINE int channel_groups(int channels) { return (channels + CHANNELS - 1) / CHANNELS; }

typedef struct {
  const float *input;
  const float *weights;  // [size][size][channels]
  const float *bias;
  const float *zeros;
  float *output;
  int input_height, input_width, channels;
  int output_height, output_width;
  int size, stride, top, left;
  Activation activation;
} Depthwise;

/** One output row of four channels, 3x3, where each output lies over an input: stride 1, padded by 1. */
static void depthwise_row_of_three(const Depthwise *d, int y, int channel) {
  const int channels = d->channels;
  const float *rows[3];
  int steps[3];
  v128_t weights[3][3];
  UNROLLED for (int row = 0; row < 3; row++) {
    const int inside = y + row - 1 >= 0 && y + row - 1 < d->input_height;
    rows[row] = inside ? d->input + (y + row - 1) * d->input_width * channels + channel : d->zeros;
    steps[row] = inside ? channels : 0;
    UNROLLED for (int column = 0; column < 3; column++) {
      weights[row][column] = wasm_v128_load(d->weights + (row * 3 + column) * channels + channel);
    }
  }
  const v128_t bias = wasm_v128_load(d->bias + channel);
  float *output = d->output + y * d->output_width * channels + channel;
  // An input column belongs to the output before it, its own, and the one after it.
  v128_t before = bias, own = bias, after = bias;
  for (int x = 0; x < d->input_width; x++) {
    UNROLLED for (int row = 0; row < 3; row++) {
      const v128_t value = wasm_v128_load(rows[row]);
      before = multiply_add(value, weights[row][2], before);
      own = multiply_add(value, weights[row][1], own);
      after = multiply_add(value, weights[row][0], after);
      rows[row] += steps[row];
    }
    if (x > 0) {
      wasm_v128_store(output, activated(before, d->activation));
      output += channels;
    }
    before = own;
    own = after;
    after = bias;
  }
  wasm_v128_store(output, activated(before, d->activation));
}

/** One output row of four channels, 5x5, where each output lies over an input: row by row of the input. */
static void depthwise_row_of_five(const Depthwise *d, int y, int channel) {
  const int channels = d->channels, width = d->input_width;
  const int first = larger(0, 2 - y), end = smaller(5, d->input_height + 2 - y);
  const v128_t bias = wasm_v128_load(d->bias + channel);
  for (int row = first; row < end; row++) {
    const float *input = d->input + (y + row - 2) * width * channels + channel;
    float *output = d->output + y * width * channels + channel;
    v128_t weights[5], sums[5];  // of the outputs two before an input, one before, over, after, two after
    UNROLLED for (int i = 0; i < 5; i++) weights[i] = wasm_v128_load(d->weights + (row * 5 + i) * channels + channel);
    UNROLLED for (int i = 0; i < 5; i++) {
      sums[i] = row > first && i >= 2 && i - 2 < width ? wasm_v128_load(output + (i - 2) * channels) : bias;
    }
    for (int x = 0; x < width + 2; x++) {
      if (x < width) {
        const v128_t value = wasm_v128_load(input + x * channels);
        UNROLLED for (int i = 0; i < 5; i++) sums[i] = multiply_add(value, weights[4 - i], sums[i]);
      }
      if (x >= 2) {
        float *to = output + (x - 2) * channels;
        wasm_v128_store(to, row == end - 1 ? activated(sums[0], d->activation) : sums[0]);
      }
      UNROLLED for (int i = 0; i < 4; i++) sums[i] = sums[i + 1];
      sums[4] = row > first && x + 3 < width ? wasm_v128_load(output + (x + 3) * channels) : bias;
    }
  }
}

/** Four channels of one output pixel. */
static void depthwise_pixel(const Depthwise *d, int y, int x, int channel) {
  const int top = y * d->stride - d->top, left = x * d->stride - d->left;
  const int first = larger(0, -left), end = smaller(d->size, d->input_width - left);
  v128_t sum = wasm_v128_load(d->bias + channel);
  for (int row = larger(0, -top); row < smaller(d->size, d->input_height - top); row++) {
    const float *input = d->input + ((top + row) * d->input_width + left) * d->channels + channel;
    const float *weights = d->weights + row * d->size * d->channels + channel;
    for (int at = first * d->channels; at < end * d->channels; at += d->channels) {
      sum = multiply_add(wasm_v128_load(input + at), wasm_v128_load(weights + at), sum);
    }
  }
  float *output = d->output + (y * d->output_width + x) * d->channels + channel;
  wasm_v128_store(output, activated(sum, d->activation));
}

static void depthwise_share(const void *job, int share, int thread) {
  (void)thread;
  const Depthwise *d = job;
  const int y = share % d->output_height, first = share / d->output_height * CHANNELS;
  const int around = d->size / 2;
  const int over = d->stride == 1 && d->top == around && d->left == around && d->output_width == d->input_width;
  for (int channel = first; channel < smaller(first + CHANNELS, d->channels); channel += 4) {
    if (over && d->size == 3) {
      depthwise_row_of_three(d, y, channel);
    } else if (over && d->size == 5) {
      depthwise_row_of_five(d, y, channel);
    } else {
      for (int x = 0; x < d->output_width; x++) depthwise_pixel(d, y, x, channel);
    }
  }
}

void EXPORT(depthwise)(Pool *pool, const Depthwise *d) {
  share_out(pool, depthwise_share, d, d->output_height * channel_groups(d->channels));
}

// ---------------------------------------------------------------------------------------------
// The mean of all pixels: a share is some of its channels

typedef struct {
  const float *input;
  float *output;
  int pixels, channels;
} Mean;

static void mean_share(const void *job, int share, int thread) {
  (void)thread;
  const Mean *m = job;
  const v128_t scale = wasm_f32x4_splat(1.0f / m->pixels);
  for (int channel = share * CHANNELS; channel < smaller((share + 1) * CHANNELS, m->channels); channel += 4) {
    v128_t sum = wasm_f32x4_const_splat(0.0f);
    const float *input = m->input + channel;
    for (int pixel = 0; pixel < m->pixels; pixel++, input += m->channels) {
      sum = wasm_f32x4_add(sum, wasm_v128_load(input));
    }
    wasm_v128_store(m->output + channel, wasm_f32x4_mul(sum, scale));
  }
}

void EXPORT(mean)(Pool *pool, const Mean *m) { share_out(pool, mean_share, m, channel_groups(m->channels)); }

// ---------------------------------------------------------------------------------------------
// Squeeze and excite (Hu et al., 2018): the gate of each channel, which scales what the next convolution
// reads, is sigmoid(expand(swish(reduce(mean of each channel)))).

typedef struct {
  const float *input;
  const float *reduce_weights;  // [channels][reduced]
  const float *reduce_bias;
  const float *expand_weights;  // [reduced][channels]
  const float *expand_bias;
  float *scratch;  // channels + reduced
  float *output;   // channels
  int pixels, channels, reduced;
} Gate;

static void reduce(const Gate *g) {
  float *reduced = g->scratch + g->channels;
  for (int next = 0; next < g->reduced; next += 4) {
    const int index = smaller(next, g->reduced - 4);  // the last four may begin among the former
    v128_t sums[4];  // one for each fourth channel, so that none waits for another
    sums[0] = wasm_v128_load(g->reduce_bias + index);
    sums[1] = sums[2] = sums[3] = wasm_f32x4_const_splat(0.0f);
    for (int channel = 0; channel < g->channels; channel += 4) {
      UNROLLED for (int i = 0; i < 4; i++) {
        const v128_t weight = wasm_v128_load(g->reduce_weights + (channel + i) * g->reduced + index);
        sums[i] = multiply_add(wasm_v128_load32_splat(g->scratch + channel + i), weight, sums[i]);
      }
    }
    const v128_t sum = wasm_f32x4_add(wasm_f32x4_add(sums[0], sums[1]), wasm_f32x4_add(sums[2], sums[3]));
    wasm_v128_store(reduced + index, activated(sum, SWISH));
  }
}

static void expand_share(const void *job, int share, int thread) {
  (void)thread;
  const Gate *g = job;
  const float *reduced = g->scratch + g->channels;
  for (int channel = share * CHANNELS; channel < smaller((share + 1) * CHANNELS, g->channels); channel += 4) {
    v128_t sum = wasm_v128_load(g->expand_bias + channel);
    for (int index = 0; index < g->reduced; index++) {
      const v128_t weight = wasm_v128_load(g->expand_weights + index * g->channels + channel);
      sum = multiply_add(wasm_v128_load32_splat(reduced + index), weight, sum);
    }
    wasm_v128_store(g->output + channel, sigmoid(sum));
  }
}

void EXPORT(squeeze_excite)(Pool *pool, const Gate *g) {
  const Mean m = {g->input, g->scratch, g->pixels, g->channels};
  mean(pool, &m);
  reduce(g);
  share_out(pool, expand_share, g, channel_groups(g->channels));
}
