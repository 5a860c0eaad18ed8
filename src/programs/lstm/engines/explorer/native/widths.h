/* What the widths of vectors have in common, and then each that the processor may have: WIDTHS, narrowest first, and fastest(). */

#define INLINE static inline __attribute__((always_inline))

/* What a tile reads and writes. panel, row: bytes from one to the next. */
struct tile {
  const char *a;
  size_t a_panel;
  size_t steps, inner;
  const char *b;
  size_t b_panel;
  char *c;
  size_t c_panel;
  /* What the sums start from; NULL: 0. */
  const char *start;
  size_t start_panel, start_row;
};

/* What an optimizer multiplies by, in the order of the plan's fields. */
struct scalars {
  float rate, keep1, keep2, take1, take2, correction1, correction2, epsilon;
};

/* Codes of the optimizers, as in ../assembly/plan.ts. */
#define SGD 0
#define ADAM_TF1 1
#define ADAM_TFJS 2
#define OPTIMIZER_COUNT 3

/* One panel's update: what it reads and writes. sgd has no moments. */
struct update {
  const char *weights, *first_moment, *second_moment, *gradient;
  char *next_weights, *next_first_moment, *next_second_moment;
  size_t bytes;
  const struct scalars *scalars;
  /* Eight lanes: all bits where there is a column, none where it pads. */
  const int32_t *mask;
  /* Eight lanes each, which grow: the bits of the largest weight, and of the largest moment. */
  int32_t *weight_maxima, *moment_maxima;
  /* Whether what is written is not read again before it has left the caches. */
  bool stream;
};

/* Bytes that are called into the cache before an update reads them, where it streams. */
#define AHEAD 512

/* The sum of four lanes in float64, as lanesAsF64 in ../assembly/measure.ts. */
INLINE double sum_of_lanes(const float *l) { return (double)l[0] + (double)l[1] + ((double)l[2] + (double)l[3]); }

/* Whether every number of a row of panels is. */
static bool are_finite(const char *at, size_t panel, int panels) {
  for (int p = 0; p < panels; p++)
    for (int i = 0; i < 8; i++)
      if (!isfinite(((const float *)(at + (size_t)p * panel))[i])) return false;
  return true;
}

/* All of one width of vectors. The products are for 1, 2 and 4 panels; NULL past `panels`. The updates stand at their codes. */
struct width {
  const char *name;
  bool (*is_there)(void);
  size_t panels;
  void (*product[3])(size_t rows, const struct tile *t);
  void (*columns[3])(size_t columns, size_t stride, const struct tile *t);
  bool (*bias[3])(const struct tile *t);
  void (*transpose)(const char *from, size_t from_panel, size_t panels, char *to, size_t to_panel, size_t rows);
  double (*update[OPTIMIZER_COUNT])(const struct update *u);
  double (*measure)(char *at, size_t bytes, const int32_t *mask);
};

static bool always(void) { return true; }

#if defined(__x86_64__)
#include "x86.h"
#elif defined(__aarch64__)
#include "neon.h"
#else
#error "products.c knows x86-64 and AArch64; elsewhere the explorer computes all of it in WebAssembly"
#endif
