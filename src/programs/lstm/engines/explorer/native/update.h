/*
 * The optimizers and their measuring at one width of vectors: see width.h. Each number is computed on its own, in the operations of
 * ../assembly/optimizers.ts; squares are summed in eight lanes of even rows and eight of odd ones, as in ../assembly/measure.ts.
 */
#define HALVES (8 / LANES)
#define AT(at, half) ((at) + 4 * LANES * (half))
#define INTEGERS NAME(integers)
typedef int32_t INTEGERS __attribute__((vector_size(4 * LANES)));

TARGET INLINE VECTOR NAME(masked)(VECTOR x, INTEGERS lanes) { return (VECTOR)((INTEGERS)x & lanes); }

/* Lane by lane the larger one of a and the bits of |x|. */
TARGET INLINE INTEGERS NAME(larger)(INTEGERS a, VECTOR x) {
  const INTEGERS bits = (INTEGERS)x & 0x7fffffff, more = bits > a;
  return (bits & more) | (a & ~more);
}

/* What a panel's update is made with and leaves, apart from the numbers themselves. */
struct NAME(lanes) {
  VECTOR rate, keep1, keep2, take1, take2, correction1, correction2, epsilon;
  INTEGERS mask[HALVES], weight_maxima[HALVES], moment_maxima[HALVES];
  VECTOR squares[2][HALVES];
};

TARGET INLINE void NAME(put)(const bool stream, char *at, VECTOR x) {
  if (stream) STREAM(at, x);
  else STORE(at, 0, 0, x);
}

/* Row `row` of a panel under one optimizer, whose squares go to the even or to the odd rows. */
TARGET INLINE void NAME(update_row)(const int optimizer, const bool stream, const struct update *u, size_t row,
                                    const int odd, struct NAME(lanes) *l) {
  for (int half = 0; half < HALVES; half++) {
    const size_t at = AT(row, half);
    const VECTOR g = LOAD(u->gradient + at, 0, 0), w = LOAD(u->weights + at, 0, 0);
    VECTOR after;
    if (optimizer == SGD) {
      after = SUB(w, MUL(g, l->rate));
    } else {
      VECTOR mean = LOAD(u->first_moment + at, 0, 0), square = LOAD(u->second_moment + at, 0, 0);
      if (optimizer == ADAM_TF1) {
        mean = ADD(mean, MUL(SUB(g, mean), l->take1));
        square = ADD(square, MUL(SUB(MUL(g, g), square), l->take2));
        after = SUB(w, DIV(MUL(mean, l->rate), ADD(SQRT(square), l->epsilon)));
      } else {
        mean = ADD(MUL(mean, l->keep1), MUL(g, l->take1));
        square = ADD(MUL(square, l->keep2), MUL(MUL(g, g), l->take2));
        const VECTOR spread = ADD(SQRT(DIV(square, l->correction2)), l->epsilon);
        after = ADD(w, MUL(DIV(DIV(mean, l->correction1), spread), l->rate));
      }
      mean = NAME(masked)(mean, l->mask[half]);
      square = NAME(masked)(square, l->mask[half]);
      l->moment_maxima[half] = NAME(larger)(NAME(larger)(l->moment_maxima[half], mean), square);
      NAME(put)(stream, u->next_first_moment + at, mean);
      NAME(put)(stream, u->next_second_moment + at, square);
    }
    after = NAME(masked)(after, l->mask[half]);
    l->weight_maxima[half] = NAME(larger)(l->weight_maxima[half], after);
    l->squares[odd][half] = ADD(l->squares[odd][half], MUL(after, after));
    NAME(put)(stream, u->next_weights + at, after);
  }
}

/* Calls what is read some rows further on into the cache: four streams are more than the processor foresees. */
INLINE void NAME(call_ahead)(const int optimizer, const struct update *u, size_t row) {
  __builtin_prefetch(u->gradient + row + AHEAD);
  __builtin_prefetch(u->weights + row + AHEAD);
  if (optimizer == SGD) return;
  __builtin_prefetch(u->first_moment + row + AHEAD);
  __builtin_prefetch(u->second_moment + row + AHEAD);
}

/* Adds up the squares of a panel: the order of ../assembly/measure.ts. */
TARGET INLINE double NAME(sum_of)(VECTOR (*squares)[HALVES]) {
  _Alignas(32) float lanes[16];
  for (int i = 0; i < 2 * HALVES; i++)
    STORE((char *)lanes + 4 * LANES * i, 0, 0, squares[i / HALVES][i % HALVES]);
  return sum_of_lanes(lanes) + sum_of_lanes(lanes + 4) + (sum_of_lanes(lanes + 8) + sum_of_lanes(lanes + 12));
}

/* One panel under one optimizer; returns the float32 sum of the squares of its weights. optimizer, stream: constants. */
TARGET INLINE double NAME(update_panel)(const int optimizer, const bool stream, const struct update *u) {
  const struct scalars *s = u->scalars;
  struct NAME(lanes) l = {
      .rate = SPLAT(optimizer == ADAM_TFJS ? -s->rate : s->rate),
      .keep1 = SPLAT(s->keep1),
      .keep2 = SPLAT(s->keep2),
      .take1 = SPLAT(s->take1),
      .take2 = SPLAT(s->take2),
      .correction1 = SPLAT(s->correction1),
      .correction2 = SPLAT(s->correction2),
      .epsilon = SPLAT(s->epsilon),
  };
  for (int half = 0; half < HALVES; half++) {
    memcpy(&l.mask[half], AT((const char *)u->mask, half), 4 * LANES);
    memcpy(&l.weight_maxima[half], AT((const char *)u->weight_maxima, half), 4 * LANES);
    memcpy(&l.moment_maxima[half], AT((const char *)u->moment_maxima, half), 4 * LANES);
    l.squares[0][half] = l.squares[1][half] = ZERO();
  }
  size_t row = 0;
  for (; row + 64 <= u->bytes; row += 64) {
    if (stream) NAME(call_ahead)(optimizer, u, row);
    NAME(update_row)(optimizer, stream, u, row, 0, &l);
    NAME(update_row)(optimizer, stream, u, row + 32, 1, &l);
  }
  if (u->bytes & 32) NAME(update_row)(optimizer, stream, u, row, 0, &l);
  for (int half = 0; half < HALVES; half++) {
    memcpy(AT((char *)u->weight_maxima, half), &l.weight_maxima[half], 4 * LANES);
    memcpy(AT((char *)u->moment_maxima, half), &l.moment_maxima[half], 4 * LANES);
  }
  return NAME(sum_of)(l.squares);
}

TARGET static double NAME(sgd)(const struct update *u) {
  return u->stream ? NAME(update_panel)(SGD, true, u) : NAME(update_panel)(SGD, false, u);
}

TARGET static double NAME(adam_tf1)(const struct update *u) {
  return u->stream ? NAME(update_panel)(ADAM_TF1, true, u) : NAME(update_panel)(ADAM_TF1, false, u);
}

TARGET static double NAME(adam_tfjs)(const struct update *u) {
  return u->stream ? NAME(update_panel)(ADAM_TFJS, true, u) : NAME(update_panel)(ADAM_TFJS, false, u);
}

/* Sets the lanes that pad to 0, where `mask` is not NULL, and returns the float32 sum of the squares of a panel. */
TARGET static double NAME(measure)(char *at, size_t bytes, const int32_t *mask) {
  VECTOR squares[2][HALVES];
  for (int half = 0; half < HALVES; half++) squares[0][half] = squares[1][half] = ZERO();
  for (size_t row = 0; row < bytes; row += 64)
    for (int odd = 0; odd < 2 && row + 32 * odd < bytes; odd++)
      for (int half = 0; half < HALVES; half++) {
        char *place = AT(at + row + 32 * odd, half);
        VECTOR x = LOAD(place, 0, 0);
        if (mask != NULL) {
          INTEGERS lanes;
          memcpy(&lanes, AT((const char *)mask, half), 4 * LANES);
          x = NAME(masked)(x, lanes);
          STORE(place, 0, 0, x);
        }
        squares[odd][half] = ADD(squares[odd][half], MUL(x, x));
      }
  return NAME(sum_of)(squares);
}
#undef HALVES
#undef AT
#undef INTEGERS
