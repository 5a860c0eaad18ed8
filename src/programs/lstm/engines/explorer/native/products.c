/*
 * The explorer's three kinds of matrix product a second time: forward, for dx and dh, and for dW; and what is done to all parameters:
 * the transposed kernel, the sums of squares and the optimizers. WebAssembly has vectors of four numbers; these have what the processor
 * has, and the same bits. ../assembly/products.ts calls them through Node-API, on the explorer's own memory and layout.
 *
 * Safety: sizes and addresses come from `attach`, whose caller has checked that they lie in the memory (../products/table.ts), and
 * are kept here: none is read from the memory. Which rows and panels a call is for is checked at every call.
 */
#define _DEFAULT_SOURCE /* madvise */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <node_api.h>

#include "guard.h"

/* Raised whenever what is exported here changes what it takes or gives; ../products/library.ts has the same. */
#define VERSION 2

#include "widths.h"
#include "hugePages.h"

#define WIDTH_COUNT (sizeof WIDTHS / sizeof *WIDTHS)

/* Rows of A that are gone over with one group of panels of B before the next: they stay in the second-level cache. */
#define ROW_BLOCK 96

/* The number of panels, out of 4, 2 and 1, that are done at once where `left` are left; its place in a struct width in `*at`. */
static size_t group_of(const struct width *width, size_t left, int *at) {
  *at = left >= 4 && width->panels >= 4 ? 2 : left >= 2 && width->panels >= 2 ? 1 : 0;
  return (size_t)1 << *at;
}

/* One layer as `attach` was told of it, in this order; addresses and strides in bytes. */
struct layer {
  int32_t inputs, units, input_panels, unit_panels, weight_panel, transposed_panel;
  int32_t input, hidden_previous, gates, hidden_carry, input_gradient;
  int32_t weights, next_weights, gradient, transposed;
  int32_t first_moment, next_first_moment, second_moment, next_second_moment;
};

/* What is the same for all layers, in this order. */
struct plan {
  int32_t stride, carry_stride, packed, ranks;
  /* What the optimizer multiplies by; and where is left what was measured: see struct measures. */
  int32_t scalars, measures;
};

/* The products of one instance of the kernels. */
struct instance {
  const struct width *width;
  char *memory;
  size_t bytes;
  struct plan plan;
  struct layer *layers;
  int32_t layer_count;
  /* Whether the parameters are more than the caches hold, so that what an update writes goes past them. */
  bool stream;
  /* Functions that know of it. */
  int uses;
};

/* C = start + A B over `panels` panels. */
static void product(const struct instance *instance, size_t rows, size_t panels, const struct tile all) {
  const struct width *width = instance->width;
  GUARD(instance->memory, instance->bytes);
  allow(all.a, all.a_panel, (all.steps + 7) / 8, 32 * rows);
  allow(all.b, all.b_panel, panels, 32 * all.steps);
  allow(all.c, all.c_panel, panels, 32 * rows);
  if (all.start != NULL) allow(all.start, all.start_panel, panels, all.start_row == 0 ? 32 : 32 * rows);
  for (size_t first = 0; first < rows; first += ROW_BLOCK) {
    const size_t count = rows - first < ROW_BLOCK ? rows - first : ROW_BLOCK;
    int at;
    for (size_t p = 0, group; p < panels; p += group) {
      struct tile t = all;
      group = group_of(width, panels - p, &at);
      t.a += 32 * first;
      t.b += p * t.b_panel;
      t.c += p * t.c_panel + 32 * first;
      if (t.start != NULL) t.start += p * t.start_panel + first * t.start_row;
      width->product[at](count, &t);
    }
  }
  UNGUARD(instance->memory, instance->bytes);
}

#define PLAN_WORDS (sizeof(struct plan) / 4)
#define LAYER_WORDS (sizeof(struct layer) / 4)
#define MOST_ARGUMENTS 7

/* The layer of an index, where `first` and `count` are inside [0, bound); else NULL. */
static const struct layer *layer_of(const struct instance *instance, int32_t index, int32_t first, int32_t count,
                                    int32_t bound) {
  const bool inside = first >= 0 && count > 0 && first <= bound && count <= bound - first;
  return inside && index >= 0 && index < instance->layer_count ? &instance->layers[index] : NULL;
}

/* z = x Wx + b: layer, first row, rows, which copy of the weights. */
static bool input(const struct instance *instance, const int32_t *argument) {
  const struct layer *l = layer_of(instance, argument[0], argument[1], argument[2], instance->plan.packed);
  if (l == NULL) return false;
  const size_t start = 32 * (size_t)argument[1], stride = (size_t)instance->plan.stride;
  const char *weights = instance->memory + (argument[3] ? l->next_weights : l->weights);
  const struct tile t = {
      .a = instance->memory + l->input + start,
      .a_panel = stride,
      .steps = (size_t)l->inputs,
      .inner = 8,
      .b = weights,
      .b_panel = (size_t)l->weight_panel,
      .c = instance->memory + l->gates + start,
      .c_panel = stride,
      .start = weights + l->weight_panel - 32,
      .start_panel = (size_t)l->weight_panel,
  };
  product(instance, (size_t)argument[2], 4 * (size_t)l->unit_panels, t);
  return true;
}

/* z += h Wh: layer, first row, rows, which copy of the weights. */
static bool recurrent(const struct instance *instance, const int32_t *argument) {
  const struct layer *l = layer_of(instance, argument[0], argument[1], argument[2], instance->plan.packed);
  if (l == NULL) return false;
  const size_t start = 32 * (size_t)argument[1], stride = (size_t)instance->plan.stride;
  char *gates = instance->memory + l->gates + start;
  const struct tile t = {
      .a = instance->memory + l->hidden_previous + start,
      .a_panel = stride,
      .steps = (size_t)l->units,
      .inner = 8,
      .b = instance->memory + (argument[3] ? l->next_weights : l->weights) + 32 * (size_t)l->inputs,
      .b_panel = (size_t)l->weight_panel,
      .c = gates,
      .c_panel = stride,
      .start = gates,
      .start_panel = stride,
      .start_row = 32,
  };
  product(instance, (size_t)argument[2], 4 * (size_t)l->unit_panels, t);
  return true;
}

/* dx = dz Wx^T: layer, first row, rows. */
static bool input_gradient(const struct instance *instance, const int32_t *argument) {
  const struct layer *l = layer_of(instance, argument[0], argument[1], argument[2], instance->plan.packed);
  if (l == NULL || l->input_gradient == 0) return false;
  const size_t start = 32 * (size_t)argument[1], stride = (size_t)instance->plan.stride;
  const struct tile t = {
      .a = instance->memory + l->gates + start,
      .a_panel = stride,
      .steps = 32 * (size_t)l->unit_panels,
      .inner = 8,
      .b = instance->memory + l->transposed,
      .b_panel = (size_t)l->transposed_panel,
      .c = instance->memory + l->input_gradient + start,
      .c_panel = stride,
  };
  product(instance, (size_t)argument[2], (size_t)l->input_panels, t);
  return true;
}

/* dh = dz Wh^T into the carry: layer, first row, rows, first rank, whether on top of the carry. */
static bool hidden_gradient(const struct instance *instance, const int32_t *argument) {
  const struct plan *plan = &instance->plan;
  const struct layer *l = layer_of(instance, argument[0], argument[1], argument[2], plan->packed);
  if (l == NULL || layer_of(instance, argument[0], argument[3], argument[2], plan->ranks) == NULL) return false;
  char *carry = instance->memory + l->hidden_carry + 32 * (size_t)argument[3];
  const struct tile t = {
      .a = instance->memory + l->gates + 32 * (size_t)argument[1],
      .a_panel = (size_t)plan->stride,
      .steps = 32 * (size_t)l->unit_panels,
      .inner = 8,
      .b = instance->memory + l->transposed + (size_t)l->input_panels * (size_t)l->transposed_panel,
      .b_panel = (size_t)l->transposed_panel,
      .c = carry,
      .c_panel = (size_t)plan->carry_stride,
      .start = argument[4] ? carry : NULL,
      .start_panel = (size_t)plan->carry_stride,
      .start_row = 32,
  };
  product(instance, (size_t)argument[2], (size_t)l->unit_panels, t);
  return true;
}

#include "parameters.h"

/*
 * dW = [x, h_previous, 1]^T dz: layer, first row, rows, first panel, panels, rows of timestep 0 that may be left out, whether to
 * measure the panels afterwards. The sums start from 0 at row 0, and go on from the gradient at later ones. The state before timestep 0 is 0 and adds nothing, unless a dz
 * is not finite.
 */
static bool weight_gradient(const struct instance *instance, const int32_t *argument) {
  const struct width *width = instance->width;
  const size_t stride = (size_t)instance->plan.stride;
  const struct layer *l = layer_of(instance, argument[0], argument[1], argument[2], instance->plan.packed);
  if (l == NULL || layer_of(instance, argument[0], argument[3], argument[4], 4 * l->unit_panels) == NULL) return false;
  if (argument[5] < 0 || argument[5] >= argument[2]) return false;
  const size_t first = 32 * (size_t)argument[1], weight_panel = (size_t)l->weight_panel;
  const size_t hidden_rows = 32 * (size_t)l->inputs, bias_row = weight_panel - 32;
  const size_t end = (size_t)argument[3] + (size_t)argument[4];
  const size_t row_bytes = 32 * (size_t)argument[2];
  GUARD(instance->memory, instance->bytes);
  allow(instance->memory + l->input + first, stride, (size_t)l->input_panels, row_bytes);
  allow(instance->memory + l->hidden_previous + first, stride, (size_t)l->unit_panels, row_bytes);
  allow(instance->memory + l->gates + first, stride, 4 * (size_t)l->unit_panels, row_bytes);
  allow(instance->memory + l->gradient + (size_t)argument[3] * weight_panel, weight_panel, (size_t)argument[4], weight_panel);
  int at;
  for (size_t p = (size_t)argument[3], group; p < end; p += group) {
    group = group_of(width, end - p, &at);
    char *g = instance->memory + l->gradient + p * weight_panel;
    struct tile t = {
        .a = instance->memory + l->input + first,
        .steps = (size_t)argument[2],
        .inner = (size_t)argument[2],
        .b = instance->memory + l->gates + first + p * stride,
        .b_panel = stride,
        .c = g + bias_row,
        .c_panel = weight_panel,
        .start = first == 0 ? NULL : g + bias_row,
        .start_panel = weight_panel,
        .start_row = 32,
    };
    const size_t skipped = width->bias[at](&t) ? (size_t)argument[5] : 0;
    t.c = g;
    if (t.start != NULL) t.start = t.c;
    width->columns[at]((size_t)l->inputs, stride, &t);
    t.a = instance->memory + l->hidden_previous + first + 32 * skipped;
    t.b += 32 * skipped;
    t.inner = t.steps -= skipped;
    t.c = g + hidden_rows;
    if (t.start != NULL) t.start = t.c;
    width->columns[at]((size_t)l->units, stride, &t);
  }
  if (argument[6]) measure_panels(instance, l, (size_t)argument[3], end);
  UNGUARD(instance->memory, instance->bytes);
  return true;
}

/* Throws where an operation of Node-API fails, and leaves the function with NULL. */
#define CHECK(call)                                                    \
  do {                                                                 \
    if ((call) != napi_ok) {                                           \
      napi_throw_error(env, NULL, "products: Node-API refused " #call); \
      return NULL;                                                     \
    }                                                                  \
  } while (0)

typedef bool (*operation)(const struct instance *instance, const int32_t *argument);

/* A call from WebAssembly, whose arguments are all integers. */
static inline napi_value called(napi_env env, napi_callback_info info, size_t wanted, operation operation) {
  napi_value given[MOST_ARGUMENTS];
  int32_t argument[MOST_ARGUMENTS];
  size_t count = MOST_ARGUMENTS;
  void *instance;
  CHECK(napi_get_cb_info(env, info, &count, given, NULL, &instance));
  for (size_t i = 0; i < wanted; i++) CHECK(napi_get_value_int32(env, given[i], &argument[i]));
  if (!operation(instance, argument)) napi_throw_range_error(env, NULL, "products: rows or panels that the plan has not");
  return NULL;
}

#define CALLED(name, wanted)                                             \
  static napi_value name##_called(napi_env env, napi_callback_info info) { \
    return called(env, info, wanted, name);                              \
  }
CALLED(input, 4)
CALLED(recurrent, 4)
CALLED(input_gradient, 3)
CALLED(hidden_gradient, 5)
CALLED(weight_gradient, 7)
CALLED(transpose, 3)
CALLED(update, 3)

/* attach(memory, plan): the memory of the instance, and where all lies in it; anew after each change of either. */
static napi_value attach(napi_env env, napi_callback_info info) {
  napi_value given[2];
  size_t count = 2, length, bytes;
  struct instance *instance;
  napi_typedarray_type type;
  void *memory, *words;
  CHECK(napi_get_cb_info(env, info, &count, given, NULL, (void **)&instance));
  CHECK(napi_get_arraybuffer_info(env, given[0], &memory, &bytes));
  CHECK(napi_get_typedarray_info(env, given[1], &type, &length, &words, NULL, NULL));
  if (type != napi_int32_array || length < PLAN_WORDS || (length - PLAN_WORDS) % LAYER_WORDS != 0) {
    napi_throw_range_error(env, NULL, "products: a plan of another form");
    return NULL;
  }
  const size_t layers = (length - PLAN_WORDS) / LAYER_WORDS;
  free(instance->layers);
  instance->layer_count = 0;
  instance->layers = malloc(layers * sizeof(struct layer) + 1);
  if (instance->layers == NULL) {
    napi_throw_error(env, NULL, "products: no memory for the plan");
    return NULL;
  }
  memcpy(&instance->plan, words, sizeof(struct plan));
  memcpy(instance->layers, (const int32_t *)words + PLAN_WORDS, layers * sizeof(struct layer));
  instance->layer_count = (int32_t)layers;
  instance->memory = memory;
  instance->bytes = bytes;
  instance->stream = parameter_bytes(instance) >= STREAMED_FROM;
  ask_huge_pages(memory, bytes);
  return NULL;
}

/* Lets go of an instance once no function knows of it. */
static void release(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  struct instance *instance = data;
  if (--instance->uses > 0) return;
  free(instance->layers);
  free(instance);
}

static const struct {
  const char *name;
  napi_callback callback;
} FUNCTIONS[] = {
    {"attach", attach},
    {"input", input_called},
    {"recurrent", recurrent_called},
    {"inputGradient", input_gradient_called},
    {"hiddenGradient", hidden_gradient_called},
    {"weightGradient", weight_gradient_called},
    {"transpose", transpose_called},
    {"update", update_called},
};
#define FUNCTION_COUNT (sizeof FUNCTIONS / sizeof *FUNCTIONS)

/* open(width): the functions for one instance of the kernels, with a width that `widths` names, by its place there. */
static napi_value open_instance(napi_env env, napi_callback_info info) {
  napi_value given, functions, function;
  size_t count = 1;
  int32_t width;
  CHECK(napi_get_cb_info(env, info, &count, &given, NULL, NULL));
  CHECK(napi_get_value_int32(env, given, &width));
  if (width < 0 || (size_t)width >= WIDTH_COUNT || !WIDTHS[width].is_there()) {
    napi_throw_range_error(env, NULL, "products: a width that this processor has not");
    return NULL;
  }
  CHECK(napi_create_object(env, &functions));
  struct instance *instance = calloc(1, sizeof *instance);
  if (instance == NULL) {
    napi_throw_error(env, NULL, "products: no memory for an instance");
    return NULL;
  }
  instance->width = &WIDTHS[width];
  for (size_t i = 0; i < FUNCTION_COUNT; i++) {
    const char *name = FUNCTIONS[i].name;
    CHECK(napi_create_function(env, name, NAPI_AUTO_LENGTH, FUNCTIONS[i].callback, instance, &function));
    CHECK(napi_add_finalizer(env, function, instance, release, NULL, NULL));
    instance->uses++;
    CHECK(napi_set_named_property(env, functions, name, function));
  }
  return functions;
}

/* The widths that the processor has, narrowest first, each by its place in WIDTHS. */
static napi_value widths_of(napi_env env) {
  napi_value widths, index;
  CHECK(napi_create_object(env, &widths));
  for (size_t i = 0; i < WIDTH_COUNT; i++) {
    if (!WIDTHS[i].is_there()) continue;
    CHECK(napi_create_uint32(env, (uint32_t)i, &index));
    CHECK(napi_set_named_property(env, widths, WIDTHS[i].name, index));
  }
  return widths;
}

NAPI_MODULE_INIT() {
  napi_value version, function, widths, index;
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  CHECK(napi_create_uint32(env, VERSION, &version));
  CHECK(napi_create_function(env, "open", NAPI_AUTO_LENGTH, open_instance, NULL, &function));
  widths = widths_of(env);
  if (widths == NULL) return NULL;
  CHECK(napi_set_named_property(env, exports, "version", version));
  CHECK(napi_set_named_property(env, exports, "open", function));
  CHECK(napi_set_named_property(env, exports, "widths", widths));
  CHECK(napi_create_uint32(env, (uint32_t)fastest(), &index));
  CHECK(napi_set_named_property(env, exports, "fastest", index));
  return exports;
}
