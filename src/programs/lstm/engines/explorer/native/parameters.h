/* What is done to all of a layer's parameters: the kernel transposed, the optimizers, and their measuring. */

/* What is measured, for WebAssembly to read: lanes of bits, and for each panel the float32 sum of its squares. */
struct measures {
  int32_t weight_maxima[8], moment_maxima[8];
  double squares[];
};

/* Parameters of this many bytes and more, counted once, with their moments and copies are more than the caches hold. */
#define STREAMED_FROM ((size_t)4 << 20)

static size_t parameter_bytes(const struct instance *instance) {
  size_t bytes = 0;
  for (int32_t i = 0; i < instance->layer_count; i++)
    bytes += 4 * (size_t)instance->layers[i].unit_panels * (size_t)instance->layers[i].weight_panel;
  return bytes;
}

static struct measures *measures_of(const struct instance *instance) {
  return (struct measures *)(instance->memory + instance->plan.measures);
}

/* All bits in the lanes of a panel that are units, none in those that pad. */
static void mask_of(const struct layer *l, size_t panel, int32_t *mask) {
  const bool last = panel % (size_t)l->unit_panels == (size_t)l->unit_panels - 1;
  const int32_t columns = last ? l->units - 8 * (l->unit_panels - 1) : 8;
  for (int32_t lane = 0; lane < 8; lane++) mask[lane] = lane < columns ? -1 : 0;
}

/* Masks the gradient of panels [from, end), and leaves the sums of their squares. */
static void measure_panels(const struct instance *instance, const struct layer *l, size_t from, size_t end) {
  struct measures *measures = measures_of(instance);
  const size_t bytes = (size_t)l->weight_panel;
  allow((const char *)&measures->squares[from], 0, 1, 8 * (end - from));
  for (size_t p = from; p < end; p++) {
    _Alignas(32) int32_t mask[8];
    mask_of(l, p, mask);
    measures->squares[p] =
        instance->width->measure(instance->memory + l->gradient + p * bytes, bytes, mask[7] ? NULL : mask);
  }
}

/* The kernel transposed, for dx and dh: layer, which copy of the weights, whether dx is wanted. */
static bool transpose(const struct instance *instance, const int32_t *argument) {
  const struct layer *l = layer_of(instance, argument[0], 0, 1, 1);
  if (l == NULL) return false;
  const size_t panels = 4 * (size_t)l->unit_panels, from_panel = (size_t)l->weight_panel;
  const size_t to_panel = (size_t)l->transposed_panel, inputs = (size_t)l->inputs;
  const char *from = instance->memory + (argument[1] ? l->next_weights : l->weights);
  char *to = instance->memory + l->transposed;
  GUARD(instance->memory, instance->bytes);
  allow(from, from_panel, panels, from_panel - 32);
  allow(to, to_panel, (size_t)l->input_panels + (size_t)l->unit_panels, to_panel);
  if (argument[2]) instance->width->transpose(from, from_panel, panels, to, to_panel, inputs);
  to += (size_t)l->input_panels * to_panel;
  instance->width->transpose(from + 32 * inputs, from_panel, panels, to, to_panel, (size_t)l->units);
  UNGUARD(instance->memory, instance->bytes);
  return true;
}

/* Weights and moments after a step, measured: layer, which copy is the present one, the optimizer's code. */
static bool update(const struct instance *instance, const int32_t *argument) {
  const struct layer *l = layer_of(instance, argument[0], 0, 1, 1);
  const int32_t optimizer = argument[2];
  if (l == NULL || optimizer < 0 || optimizer >= OPTIMIZER_COUNT) return false;
  if (optimizer != SGD && l->first_moment == 0) return false;
  const bool second = argument[1] != 0;
  char *const memory = instance->memory;
  struct measures *measures = measures_of(instance);
  struct scalars scalars;
  memcpy(&scalars, memory + instance->plan.scalars, sizeof scalars);
  _Alignas(32) int32_t mask[8];
  const size_t panels = 4 * (size_t)l->unit_panels, bytes = (size_t)l->weight_panel;
  struct update u = {
      .weights = memory + (second ? l->next_weights : l->weights),
      .first_moment = memory + (second ? l->next_first_moment : l->first_moment),
      .second_moment = memory + (second ? l->next_second_moment : l->second_moment),
      .gradient = memory + l->gradient,
      .next_weights = memory + (second ? l->weights : l->next_weights),
      .next_first_moment = memory + (second ? l->first_moment : l->next_first_moment),
      .next_second_moment = memory + (second ? l->second_moment : l->next_second_moment),
      .bytes = bytes,
      .scalars = &scalars,
      .mask = mask,
      .weight_maxima = measures->weight_maxima,
      .moment_maxima = measures->moment_maxima,
      .stream = instance->stream,
  };
  const char *const all[] = {u.weights,      u.gradient,          u.next_weights,      u.first_moment,
                             u.second_moment, u.next_first_moment, u.next_second_moment};
  GUARD(memory, instance->bytes);
  for (size_t i = 0; i < (optimizer == SGD ? 3 : sizeof all / sizeof *all); i++) allow(all[i], bytes, panels, bytes);
  allow((const char *)measures, 0, 1, sizeof *measures + 8 * panels);
  memset(measures, 0, sizeof *measures);
  for (size_t p = 0; p < panels; p++) {
    mask_of(l, p, mask);
    measures->squares[p] = instance->width->update[optimizer](&u);
    u.weights += bytes;
    u.gradient += bytes;
    u.next_weights += bytes;
    if (optimizer == SGD) continue;
    u.first_moment += bytes;
    u.second_moment += bytes;
    u.next_first_moment += bytes;
    u.next_second_moment += bytes;
  }
  UNGUARD(memory, instance->bytes);
  if (u.stream) settle_streams();
  return true;
}
