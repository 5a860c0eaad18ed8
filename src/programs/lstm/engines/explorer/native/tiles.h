/*
 * The products at one width of vectors: see width.h.
 *
 * Each element is one chain of additions in order of the steps, as in ../assembly/gemm.ts and weightGradient.ts: its bits depend
 * on no tile and no width.
 */

/* Rows 0 to `rows` and vectors 0 to `vectors` of a tile, which are constants: loops that every compiler unrolls. */
#define EACH_ROW(DO) \
  DO(0) if (rows > 1) DO(1) if (rows > 2) DO(2) if (rows > 3) DO(3) EACH_ROW_PAST_4(DO)
#if ROWS == 8
#define EACH_ROW_PAST_4(DO) if (rows > 4) DO(4) if (rows > 5) DO(5) if (rows > 6) DO(6) if (rows > 7) DO(7)
#else
#define EACH_ROW_PAST_4(DO)
#endif
#define VECTORS(panels) ((panels) * 8 / LANES)

/*
 * One tile: C[r] = start[r] + sum over steps s, in order, of A[r, s] B[s]. Nothing outside the tile is touched.
 * rows, panels, row and step are constants wherever this is inlined.
 *
 * row, step: bytes from row to row and from step to step of A. After `inner` steps A goes on in its next panel.
 * next: the rows of A that the next tile reads, which are called into the cache; or NULL.
 */
TARGET INLINE void NAME(tile)(const int rows, const int panels, const size_t row, const size_t step, const char *a,
                              const char *start, char *c, const char *next,
                              const struct tile *t) {
  const bool two = VECTORS(panels) > 1;
  const size_t b_panel = t->b_panel, a_panel = t->a_panel;
  VECTOR s0[ROWS], s1[ROWS];
#define BEGIN(r)                                                             \
  {                                                                          \
    s0[r] = start == NULL ? ZERO() : LOAD(start + r * t->start_row, t->start_panel, 0);             \
    if (two) s1[r] = start == NULL ? ZERO() : LOAD(start + r * t->start_row, t->start_panel, 1);    \
  }
  EACH_ROW(BEGIN)
#define MULTIPLY(r)                                                  \
  {                                                                  \
    const VECTOR x = SPLAT(*(const float *)(p + r * row));           \
    s0[r] = ADD(s0[r], MUL(x, b0));                                  \
    if (two) s1[r] = ADD(s1[r], MUL(x, b1));                         \
  }
  const char *b = t->b;
  for (size_t left = t->steps; left > 0;) {
    const size_t inner = left < t->inner ? left : t->inner;
    const char *p = a;
    const char *const end = b + 32 * inner;
    if (next != NULL) {
      for (int line = 0; line < 32 * ROWS; line += 64) __builtin_prefetch(next + line);
      next += a_panel;
    }
    do {
      const VECTOR b0 = LOAD(b, b_panel, 0), b1 = two ? LOAD(b, b_panel, 1) : b0;
      EACH_ROW(MULTIPLY)
      p += step;
      b += 32;
    } while (b < end);
    a += a_panel;
    left -= inner;
  }
#define END(r)                                            \
  {                                                       \
    STORE(c + 32 * r, t->c_panel, 0, s0[r]);              \
    if (two) STORE(c + 32 * r, t->c_panel, 1, s1[r]);     \
  }
  EACH_ROW(END)
}

/* The tile of `rows` <= ROWS rows, each number of them a constant of its own. */
TARGET INLINE void NAME(tile_of)(const size_t rows, const int panels, const size_t row, const size_t step,
                                 const char *a, const char *start, char *c, const struct tile *t) {
  switch (rows) {
    case 1: NAME(tile)(1, panels, row, step, a, start, c, NULL, t); return;
    case 2: NAME(tile)(2, panels, row, step, a, start, c, NULL, t); return;
    case 3: NAME(tile)(3, panels, row, step, a, start, c, NULL, t); return;
#if ROWS == 8
    case 4: NAME(tile)(4, panels, row, step, a, start, c, NULL, t); return;
    case 5: NAME(tile)(5, panels, row, step, a, start, c, NULL, t); return;
    case 6: NAME(tile)(6, panels, row, step, a, start, c, NULL, t); return;
    case 7: NAME(tile)(7, panels, row, step, a, start, c, NULL, t); return;
#endif
    default: NAME(tile)(ROWS, panels, row, step, a, start, c, NULL, t); return;
  }
}

/* Rows of a product, which lie one below the other in a panel of A, for `panels` panels. */
TARGET INLINE void NAME(down)(size_t rows, const int panels, const struct tile *t) {
  const char *a = t->a, *start = t->start;
  char *c = t->c;
  for (; rows > ROWS; rows -= ROWS) {
    NAME(tile)(ROWS, panels, 32, 4, a, start, c, a + 32 * ROWS, t);
    a += 32 * ROWS;
    c += 32 * ROWS;
    if (start != NULL) start += ROWS * t->start_row;
  }
  NAME(tile_of)(rows, panels, 32, 4, a, start, c, t);
}

/* Rows of a gradient, which are the columns of A, for `panels` panels. */
TARGET INLINE void NAME(across)(size_t columns, const int panels, size_t stride, const struct tile *t) {
  for (size_t k = 0; k < columns; k += ROWS) {
    const size_t left = columns - k;
    const char *a = t->a + (k >> 3) * stride + 4 * (k & 7);
    const char *start = t->start == NULL ? NULL : t->start + 32 * k;
    NAME(tile_of)(left < ROWS ? left : ROWS, panels, 4, 32, a, start, t->c + 32 * k, t);
  }
}

/* The bias row of a gradient: the sum over the steps of dz. Whether it is finite, and so every dz in it. */
TARGET INLINE bool NAME(bias)(const int panels, const struct tile *t) {
  const bool two = VECTORS(panels) > 1;
  VECTOR s0 = t->start == NULL ? ZERO() : LOAD(t->start, t->start_panel, 0);
  VECTOR s1 = t->start == NULL || !two ? ZERO() : LOAD(t->start, t->start_panel, 1);
  for (const char *b = t->b, *const end = b + 32 * t->steps; b < end; b += 32) {
    s0 = ADD(s0, LOAD(b, t->b_panel, 0));
    if (two) s1 = ADD(s1, LOAD(b, t->b_panel, 1));
  }
  STORE(t->c, t->c_panel, 0, s0);
  if (two) STORE(t->c, t->c_panel, 1, s1);
  return are_finite(t->c, t->c_panel, panels);
}

/* A product, and a gradient of parameters, for 1, 2 or 4 panels: what a struct width points at. */
#define OF(panels)                                                                           \
  TARGET static void NAME(product_##panels)(size_t rows, const struct tile *t) {                  \
    NAME(down)(rows, panels, t);                                                             \
  }                                                                                          \
  TARGET static void NAME(columns_##panels)(size_t columns, size_t stride, const struct tile *t) {  \
    NAME(across)(columns, panels, stride, t);                                                \
  }                                                                                          \
  TARGET static bool NAME(bias_##panels)(const struct tile *t) { return NAME(bias)(panels, t); }
#if LANES <= 8
OF(1)
#endif
#if PANELS >= 2
OF(2)
#endif
#if PANELS >= 4
OF(4)
#endif
#undef OF
#undef EACH_ROW
#undef EACH_ROW_PAST_4
#undef VECTORS
#undef BEGIN
#undef MULTIPLY
#undef END
