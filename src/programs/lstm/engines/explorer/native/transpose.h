/* The kernel transposed, at one width of vectors: see width.h. The same blocks as in ../assembly/transpose.ts, in another order. */

/* Panels that are written side by side: one reads 256 bytes of each row of blocks for each of them. */
#define SIDE_BY_SIDE 8

/*
 * Rows of `panels` panels, `from_panel` bytes apart, become columns: each eight of them a panel of `to`, `to_panel` bytes from one to
 * the next. What pads the last one's columns is 0.
 */
TARGET static void NAME(transpose)(const char *from, size_t from_panel, size_t panels, char *to, size_t to_panel,
                                   size_t rows) {
  const size_t full = rows / 8;
  for (size_t first = 0; first < full; first += SIDE_BY_SIDE) {
    const size_t end = full - first < SIDE_BY_SIDE ? full : first + SIDE_BY_SIDE;
    for (size_t p = 0; p < panels; p++)
      for (size_t q = first; q < end; q++) {
        const char *block = from + p * from_panel + 256 * q;
        for (int line = 0; line < 256; line += 64) __builtin_prefetch(block + from_panel + line);
        BLOCK(block, to + q * to_panel + 256 * p);
      }
  }
  if (rows % 8 == 0) return;
  _Alignas(32) char block[256] = {0};
  for (size_t p = 0; p < panels; p++) {
    memcpy(block, from + p * from_panel + 256 * full, 32 * (rows % 8));
    BLOCK(block, to + full * to_panel + 256 * p);
  }
}
#undef SIDE_BY_SIDE
