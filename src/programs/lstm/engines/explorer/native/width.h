/*
 * All that is computed with one width of vectors. products.c includes this once for each width, with
 *   NAME(x)         x with the width in it
 *   TARGET          the attribute that asks for the instruction set
 *   VECTOR, LANES   the type of a vector, and the numbers in it
 *   LOAD(at, panel, v), STORE(at, panel, v, x)   vector v of a row of panels that lie `panel` bytes apart
 *   STREAM(at, x)   a store past the caches, where the processor has one
 *   SPLAT(x), ZERO(), ADD(a, b), SUB(a, b), MUL(a, b), DIV(a, b), SQRT(x)
 *   BLOCK(from, to) a block of 8 rows of 8 numbers, transposed
 *   ROWS, PANELS    rows and panels of the largest tile
 *
 * Layouts are those of ../assembly/plan.ts: a panel is [rows][8] float32, 32 bytes a row. Vectors of sixteen are for tiles alone: all
 * else waits for memory.
 */
#include "tiles.h"
#if LANES <= 8
#include "transpose.h"
#include "update.h"
#endif
#undef NAME
#undef TARGET
#undef VECTOR
#undef LANES
#undef LOAD
#undef STORE
#undef STREAM
#undef SPLAT
#undef ZERO
#undef ADD
#undef SUB
#undef MUL
#undef DIV
#undef SQRT
#undef BLOCK
#undef ROWS
#undef PANELS
