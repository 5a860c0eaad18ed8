/* The width of AArch64. Addition and multiplication are instructions and no C operators: see x86.h. */
#include <arm_neon.h>

INLINE float32x4_t add_neon(float32x4_t a, float32x4_t b) {
  float32x4_t sum;
  __asm__("fadd %0.4s, %1.4s, %2.4s" : "=w"(sum) : "w"(a), "w"(b));
  return sum;
}

INLINE float32x4_t mul_neon(float32x4_t a, float32x4_t b) {
  float32x4_t product;
  __asm__("fmul %0.4s, %1.4s, %2.4s" : "=w"(product) : "w"(a), "w"(b));
  return product;
}

/* Four rows of four numbers at `from` become the columns of four rows at `to`, all 32 bytes apart. */
INLINE void quarter_neon(const char *from, char *to) {
  const float32x4x2_t even = vtrnq_f32(vld1q_f32((const float *)from), vld1q_f32((const float *)(from + 32)));
  const float32x4x2_t odd = vtrnq_f32(vld1q_f32((const float *)(from + 64)), vld1q_f32((const float *)(from + 96)));
  for (int i = 0; i < 2; i++) {
    vst1q_f32((float *)(to + 32 * i), vcombine_f32(vget_low_f32(even.val[i]), vget_low_f32(odd.val[i])));
    vst1q_f32((float *)(to + 64 + 32 * i), vcombine_f32(vget_high_f32(even.val[i]), vget_high_f32(odd.val[i])));
  }
}

INLINE void block_neon(const char *from, char *to) {
  quarter_neon(from, to);
  quarter_neon(from + 16, to + 128);
  quarter_neon(from + 128, to + 16);
  quarter_neon(from + 144, to + 144);
}

#define NAME(x) x##_neon
#define TARGET
#define VECTOR float32x4_t
#define LANES 4
#define HALF(at, panel, v) ((at) + (size_t)((v) / 2) * (panel) + 16 * (size_t)((v) % 2))
#define LOAD(at, panel, v) vld1q_f32((const float *)HALF(at, panel, v))
#define STORE(at, panel, v, x) vst1q_f32((float *)HALF(at, panel, v), x)
#define SPLAT(x) vdupq_n_f32(x)
#define ZERO() vdupq_n_f32(0)
#define ADD(a, b) add_neon(a, b)
#define MUL(a, b) mul_neon(a, b)
#define SUB(a, b) vsubq_f32(a, b)
#define DIV(a, b) vdivq_f32(a, b)
#define SQRT(x) vsqrtq_f32(x)
#define STREAM(at, x) vst1q_f32((float *)(at), x)
#define BLOCK(from, to) block_neon(from, to)
#define ROWS 4
#define PANELS 2
#include "width.h"

static const struct width WIDTHS[] = {
    {"neon",
     always,
     2,
     {product_1_neon, product_2_neon},
     {columns_1_neon, columns_2_neon},
     {bias_1_neon, bias_2_neon},
     transpose_neon,
     {sgd_neon, adam_tf1_neon, adam_tfjs_neon},
     measure_neon},
};

static size_t fastest(void) { return 0; }

INLINE void settle_streams(void) {}
