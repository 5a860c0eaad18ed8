/* The widths of x86-64. */

/*
 * Addition and multiplication are instructions and no C operators: a compiler may exchange the operands of an operator, and
 * of two NaN the first one is the result, as in WebAssembly. Nor can an instruction be fused with another.
 */
#include <cpuid.h>
#include <immintrin.h>

INLINE __m128 add_sse2(__m128 a, __m128 b) {
  __asm__("addps %1, %0" : "+x"(a) : "x"(b));
  return a;
}

INLINE __m128 mul_sse2(__m128 a, __m128 b) {
  __asm__("mulps %1, %0" : "+x"(a) : "x"(b));
  return a;
}

/* Four rows of four numbers at `from` become the columns of four rows at `to`, all 32 bytes apart. */
INLINE void quarter_sse2(const char *from, char *to) {
  __m128 r0 = _mm_load_ps((const float *)from), r1 = _mm_load_ps((const float *)(from + 32));
  __m128 r2 = _mm_load_ps((const float *)(from + 64)), r3 = _mm_load_ps((const float *)(from + 96));
  _MM_TRANSPOSE4_PS(r0, r1, r2, r3);
  _mm_store_ps((float *)to, r0);
  _mm_store_ps((float *)(to + 32), r1);
  _mm_store_ps((float *)(to + 64), r2);
  _mm_store_ps((float *)(to + 96), r3);
}

INLINE void block_sse2(const char *from, char *to) {
  quarter_sse2(from, to);
  quarter_sse2(from + 16, to + 128);
  quarter_sse2(from + 128, to + 16);
  quarter_sse2(from + 144, to + 144);
}

#define NAME(x) x##_sse2
#define TARGET
#define VECTOR __m128
#define LANES 4
#define HALF(at, panel, v) ((at) + (size_t)((v) / 2) * (panel) + 16 * (size_t)((v) % 2))
#define LOAD(at, panel, v) _mm_load_ps((const float *)HALF(at, panel, v))
#define STORE(at, panel, v, x) _mm_store_ps((float *)HALF(at, panel, v), x)
#define SPLAT(x) _mm_set1_ps(x)
#define ZERO() _mm_setzero_ps()
#define ADD(a, b) add_sse2(a, b)
#define MUL(a, b) mul_sse2(a, b)
#define SUB(a, b) _mm_sub_ps(a, b)
#define DIV(a, b) _mm_div_ps(a, b)
#define SQRT(x) _mm_sqrt_ps(x)
#define STREAM(at, x) _mm_stream_ps((float *)(at), x)
#define BLOCK(from, to) block_sse2(from, to)
#define ROWS 4
#define PANELS 1
#include "width.h"

#define AVX2 __attribute__((target("avx2")))

AVX2 INLINE __m256 add_avx2(__m256 a, __m256 b) {
  __m256 sum;
  __asm__("vaddps %2, %1, %0" : "=x"(sum) : "x"(a), "x"(b));
  return sum;
}

AVX2 INLINE __m256 mul_avx2(__m256 a, __m256 b) {
  __m256 product;
  __asm__("vmulps %2, %1, %0" : "=x"(product) : "x"(a), "x"(b));
  return product;
}

/* The halves of two rows, four rows apart, side by side. */
AVX2 INLINE __m256 rows_avx2(const char *low) {
  const __m256 first = _mm256_castps128_ps256(_mm_load_ps((const float *)low));
  return _mm256_insertf128_ps(first, _mm_load_ps((const float *)(low + 128)), 1);
}

/* Half a block: columns 4 * half and on become rows. */
AVX2 INLINE void half_block_avx2(const char *from, char *to) {
  const __m256 r0 = rows_avx2(from), r1 = rows_avx2(from + 32), r2 = rows_avx2(from + 64), r3 = rows_avx2(from + 96);
  const __m256 t0 = _mm256_unpacklo_ps(r0, r1), t1 = _mm256_unpackhi_ps(r0, r1);
  const __m256 t2 = _mm256_unpacklo_ps(r2, r3), t3 = _mm256_unpackhi_ps(r2, r3);
  _mm256_store_ps((float *)to, _mm256_shuffle_ps(t0, t2, 0x44));
  _mm256_store_ps((float *)(to + 32), _mm256_shuffle_ps(t0, t2, 0xee));
  _mm256_store_ps((float *)(to + 64), _mm256_shuffle_ps(t1, t3, 0x44));
  _mm256_store_ps((float *)(to + 96), _mm256_shuffle_ps(t1, t3, 0xee));
}

AVX2 INLINE void block_avx2(const char *from, char *to) {
  half_block_avx2(from, to);
  half_block_avx2(from + 16, to + 128);
}

#define NAME(x) x##_avx2
#define TARGET AVX2
#define VECTOR __m256
#define LANES 8
#define LOAD(at, panel, v) _mm256_load_ps((const float *)((at) + (size_t)(v) * (panel)))
#define STORE(at, panel, v, x) _mm256_store_ps((float *)((at) + (size_t)(v) * (panel)), x)
#define SPLAT(x) _mm256_set1_ps(x)
#define ZERO() _mm256_setzero_ps()
#define ADD(a, b) add_avx2(a, b)
#define MUL(a, b) mul_avx2(a, b)
#define SUB(a, b) _mm256_sub_ps(a, b)
#define DIV(a, b) _mm256_div_ps(a, b)
#define SQRT(x) _mm256_sqrt_ps(x)
#define STREAM(at, x) _mm256_stream_ps((float *)(at), x)
#define BLOCK(from, to) block_avx2(from, to)
#define ROWS 4
#define PANELS 2
#include "width.h"

#define AVX512 __attribute__((target("avx512f,avx512vl")))

AVX512 INLINE __m512 add_avx512(__m512 a, __m512 b) {
  __m512 sum;
  __asm__("vaddps %2, %1, %0" : "=v"(sum) : "v"(a), "v"(b));
  return sum;
}

AVX512 INLINE __m512 mul_avx512(__m512 a, __m512 b) {
  __m512 product;
  __asm__("vmulps %2, %1, %0" : "=v"(product) : "v"(a), "v"(b));
  return product;
}

/* The rows of two panels side by side in one vector. */
AVX512 INLINE __m512 load_avx512(const char *low, const char *high) {
  const __m512d first = _mm512_castpd256_pd512(_mm256_load_pd((const double *)low));
  return _mm512_castpd_ps(_mm512_insertf64x4(first, _mm256_load_pd((const double *)high), 1));
}

AVX512 INLINE void store_avx512(char *low, char *high, __m512 x) {
  _mm256_store_ps((float *)low, _mm512_castps512_ps256(x));
  _mm256_store_pd((double *)high, _mm512_extractf64x4_pd(_mm512_castps_pd(x), 1));
}

#define NAME(x) x##_avx512
#define TARGET AVX512
#define VECTOR __m512
#define LANES 16
#define PAIR(at, panel, v) (at) + (size_t)(2 * (v)) * (panel), (at) + (size_t)(2 * (v) + 1) * (panel)
#define LOAD(at, panel, v) load_avx512(PAIR(at, panel, v))
#define STORE(at, panel, v, x) store_avx512(PAIR(at, panel, v), x)
#define SPLAT(x) _mm512_set1_ps(x)
#define ZERO() _mm512_setzero_ps()
#define ADD(a, b) add_avx512(a, b)
#define MUL(a, b) mul_avx512(a, b)
#define ROWS 8
#define PANELS 4
#include "width.h"

static bool has_avx2(void) { return __builtin_cpu_supports("avx2"); }
static bool has_avx512(void) { return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"); }

#define REST(width) transpose_##width, {sgd_##width, adam_tf1_##width, adam_tfjs_##width}, measure_##width
static const struct width WIDTHS[] = {
    {"sse2", always, 1, {product_1_sse2}, {columns_1_sse2}, {bias_1_sse2}, REST(sse2)},
    {"avx2",
     has_avx2,
     2,
     {product_1_avx2, product_2_avx2},
     {columns_1_avx2, columns_2_avx2},
     {bias_1_avx2, bias_2_avx2},
     REST(avx2)},
    {"avx512",
     has_avx512,
     4,
     {product_1_avx2, product_2_avx512, product_4_avx512},
     {columns_1_avx2, columns_2_avx512, columns_4_avx512},
     {bias_1_avx2, bias_2_avx512, bias_4_avx512},
     REST(avx2)},
};

/*
 * Whether vectors of sixteen are done in two halves, as on AMD's family 19h (Zen 4): additions beside multiplications are then slower
 * than as vectors of eight.
 */
static bool halves_avx512(void) {
  unsigned int a, b, c, d;
  char vendor[12];
  if (!__get_cpuid(0, &a, &b, &c, &d)) return false;
  memcpy(vendor, &b, 4);
  memcpy(vendor + 4, &d, 4);
  memcpy(vendor + 8, &c, 4);
  if (memcmp(vendor, "AuthenticAMD", 12) != 0 || !__get_cpuid(1, &a, &b, &c, &d)) return false;
  return ((a >> 8) & 0xf) + ((a >> 20) & 0xff) == 0x19;
}

/* The place in WIDTHS of what is fastest on this processor. */
static size_t fastest(void) { return has_avx512() && !halves_avx512() ? 2 : has_avx2() ? 1 : 0; }

/* Stores that went past the caches come before all that follow. */
INLINE void settle_streams(void) { _mm_sfence(); }
