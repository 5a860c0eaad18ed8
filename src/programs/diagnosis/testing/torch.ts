import { byHand, one, type Planted, recurrence, two } from "./planted.ts";

const INF = Number.POSITIVE_INFINITY;
const NAN = Number.NaN;

/** Deaths in the names of PyTorch's operations, in the order in which autograd runs them. */
export const TORCH: readonly Planted[] = [
  { signature: "forward/exp-overflow/aten.exp", trace: one("aten.exp", [1, 100], [2.7, INF]) },
  { signature: "forward/log-of-zero/aten.log", trace: one("aten.log", [1, 0], [0, -INF]) },
  { signature: "forward/log-of-negative/aten.log", trace: one("aten.log", [1, -1], [0, NAN]) },
  { signature: "forward/root-of-negative/aten.sqrt", trace: one("aten.sqrt", [1, -1], [1, NAN]) },
  { signature: "forward/root-of-negative/aten.pow", trace: two("aten.pow", [-1], [0.5], [NAN]) },
  { signature: "forward/division-by-zero/aten.div", trace: two("aten.div", [1, 1], [2, 0], [0.5, INF]) },
  { signature: "forward/division-by-zero/aten.reciprocal", trace: one("aten.reciprocal", [0], [INF]) },
  { signature: "forward/zero-over-zero/aten.div", trace: two("aten.div", [0], [0], [NAN]) },
  { signature: "forward/zero-over-zero/aten.mean", trace: one("aten.mean", [], [NAN]) },
  {
    signature: "forward/zero-over-zero/aten.nll_loss_forward",
    what: "a mean over targets that are all ignored",
    trace: one("aten.nll_loss_forward", [-1.1, -1.1], [NAN]),
  },
  { signature: "forward/reciprocal-overflow/aten.div", trace: two("aten.div", [1], [1e-39], [INF]) },
  { signature: "forward/product-overflow/aten.mm", trace: two("aten.mm", [1e20], [1e20], [INF]) },
  { signature: "forward/product-overflow/aten.mul", trace: two("aten.mul", [1e20], [1e20], [INF]) },
  { signature: "forward/sum-of-squares-overflow/aten.pow", trace: two("aten.pow", [1e25], [2], [INF]) },
  {
    signature: "forward/sum-of-squares-overflow/aten.linalg_vector_norm",
    trace: one("aten.linalg_vector_norm", [1e25, 1], [INF]),
  },
  {
    signature: "forward/half-precision-overflow/aten.mul",
    trace: two("aten.mul", [300], [300], [INF], "F16"),
  },
  {
    signature: "forward/half-precision-overflow/aten.exp",
    trace: one("aten.exp", [12], [INF], "F16"),
  },
  {
    signature: "forward/half-precision-overflow/aten._to_copy",
    trace: byHand((t) => {
      const wide = t.given("weight/w", [7e4]);
      return t.trace({ loss: t.run("aten._to_copy", [wide], [INF], { dtype: "F16" }) });
    }),
  },
  {
    signature: "forward/exp-overflow/aten.exp",
    what: "float16 would not have been too small alone",
    trace: one("aten.exp", [100], [INF], "F16"),
  },
  { signature: "forward/non-finite-input/aten.mul", trace: two("aten.mul", [1, 1], [1, NAN], [1, NAN]) },
  { signature: "forward/non-finite-weight/aten.mul", trace: two("aten.mul", [1, INF], [1, 1], [1, INF]) },
  {
    signature: "forward/recurrence-overflow/aten.addmm",
    line: 20,
    trace: recurrence("aten.addmm", "aten.add", 4, 70),
  },
  {
    signature: "forward/recurrence-overflow/aten.mkldnn_rnn_layer",
    what: "a fused layer",
    trace: one("aten.mkldnn_rnn_layer", [1], [NAN]),
  },
  {
    signature: "forward/softmax-of-nothing/aten._softmax",
    trace: byHand((t) => {
      const mask = t.given("batch/1", [1, 1], "BOOL");
      const scores = t.run("aten.mm", [t.given("weight/w", [1, 2])], [1, 2]);
      const masked = t.run("aten.masked_fill", [scores, mask], [-INF, -INF], { line: 2 });
      return t.trace({ loss: t.run("aten._softmax", [masked], [NAN, NAN], { whole: true }) });
    }),
  },
  {
    signature: "forward/infinity-minus-infinity/aten.sub",
    trace: byHand((t) => {
      const masked = t.run("aten.masked_fill", [t.given("weight/w", [1])], [-INF]);
      const largest = t.run("aten.amax", [masked], [-INF]);
      return t.trace({ loss: t.run("aten.sub", [masked, largest], [NAN]) });
    }),
  },
  {
    signature: "backward/reciprocal-overflow/aten.div",
    trace: byHand((t) => {
      const p = t.given("weight/p", [1e-39]);
      const loss = t.run("aten.log", [p], [-89.8]);
      t.begin("backward");
      const gradient = t.run("aten.div", [t.run("aten.ones_like", [loss], [1]), p], [INF]);
      return t.trace({ loss, gradients: { "weight/p": gradient } });
    }),
  },
  {
    signature: "backward/root-gradient-at-zero/aten.div",
    trace: byHand((t) => {
      const x = t.run("aten.sub", [t.given("weight/w", [1]), t.given("batch/0", [1])], [0]);
      const loss = t.run("aten.sqrt", [x], [0]);
      t.begin("backward");
      const twice = t.run("aten.mul", [loss, t.given(null, [2])], [0]);
      const gradient = t.run("aten.div", [t.run("aten.ones_like", [loss], [1]), twice], [INF]);
      return t.trace({ loss, gradients: { "weight/w": gradient } });
    }),
  },
  {
    signature: "backward/root-gradient-at-zero/aten.rsqrt",
    what: "acos at 1",
    trace: byHand((t) => {
      const x = t.given("weight/w", [1]);
      const loss = t.run("aten.acos", [x], [0]);
      t.begin("backward");
      const upstream = t.run("aten.ones_like", [loss], [1]);
      const squared = t.run("aten.mul", [t.run("aten.neg", [x], [-1]), x], [-1]);
      const root = t.run("aten.rsqrt", [t.run("aten.add", [squared, t.given(null, [1])], [0])], [INF]);
      const gradient = t.run("aten.mul", [upstream, t.run("aten.neg", [root], [-INF])], [-INF]);
      return t.trace({ loss, gradients: { "weight/w": gradient } });
    }),
  },
  {
    signature: "backward/root-gradient-at-zero/aten.pow",
    trace: byHand((t) => {
      const x = t.given("weight/w", [0]);
      const loss = t.run("aten.pow", [x, t.given(null, [0.5])], [0]);
      t.begin("backward");
      const upstream = t.run("aten.ones_like", [loss], [1]);
      const power = t.run("aten.pow", [x, t.given(null, [-0.5])], [INF]);
      const gradient = t.run("aten.mul", [upstream, power], [INF]);
      return t.trace({ loss, gradients: { "weight/w": gradient } });
    }),
  },
  {
    signature: "backward/recurrence-overflow/aten.mm",
    what: "a gradient that grows back through time",
    trace: byHand((t) => {
      const kernel = t.given("weight/kernel", [1e6]);
      t.begin("backward");
      let gradient = t.run("aten.ones_like", [kernel], [1]);
      for (let execution = 0; execution < 10; execution++) {
        const grown = Math.fround((gradient.numbers[0] ?? 0) * 1e6);
        gradient = t.run("aten.mm", [gradient, kernel], [grown], {
          execution,
          of: 10,
          timestep: 9 - execution,
        });
      }
      return t.trace({ gradients: { "weight/kernel": gradient } });
    }),
  },
  {
    signature: "update/second-moment-overflow/aten.addcmul_",
    trace: byHand((t) => {
      const weight = t.given("weight/w", [1]);
      t.begin("backward");
      const gradient = t.run("aten.mul", [weight, t.given("batch/0", [1e25])], [1e25]);
      t.begin("update");
      const decayed = t.run("aten.mul_", [t.given("slot/w/exp_avg_sq", [0])], [0]);
      const second = t.run("aten.addcmul_", [decayed, gradient, gradient], [INF]);
      const root = t.run("aten.sqrt", [second], [INF]);
      const updated = t.run("aten.addcdiv_", [weight, gradient, root], [1]);
      return t.trace({
        gradients: { "weight/w": gradient },
        weights: { "weight/w": updated },
        slots: { "slot/w/exp_avg_sq": second },
      });
    }),
  },
  {
    signature: "update/second-moment-overflow/aten.addcmul_",
    what: "some other gradient being 0",
    trace: byHand((t) => {
      t.begin("update");
      const gradient = t.given(null, [1e25, 0]);
      const second = t.run(
        "aten.addcmul_",
        [t.given("slot/w/exp_avg_sq", [0, 0]), gradient, gradient],
        [INF, 0],
      );
      return t.trace({ gradients: { "weight/w": gradient }, slots: { "slot/w/exp_avg_sq": second } });
    }),
  },
  {
    signature: "update/zero-over-zero/aten.addcdiv_",
    what: "Adam with an epsilon of 0",
    trace: byHand((t) => {
      const weight = t.given("weight/w", [1]);
      t.begin("update");
      const first = t.run("aten.lerp_", [t.given("slot/w/exp_avg", [0])], [0]);
      const root = t.run("aten.sqrt", [t.given("slot/w/exp_avg_sq", [0])], [0]);
      const updated = t.run("aten.addcdiv_", [weight, first, root], [NAN]);
      return t.trace({ weights: { "weight/w": updated } });
    }),
  },
  {
    signature: "update/update-overflow/aten.add_",
    trace: byHand((t) => {
      t.begin("update");
      const inputs = [t.given("weight/w", [1]), t.given(null, [1e30])];
      return t.trace({ weights: { "weight/w": t.run("aten.add_", inputs, [INF]) } });
    }),
  },
  {
    signature: "update/non-finite-clip-norm/aten.linalg_vector_norm",
    trace: byHand((t) => {
      t.begin("update");
      const gradient = t.given(null, [1e25, 1e25]);
      const norm = t.run("aten.linalg_vector_norm", [gradient], [INF], { whole: true });
      const scale = t.run("aten.sub", [norm, norm], [NAN]);
      const clipped = t.run("aten.mul", [gradient, scale], [NAN, NAN]);
      return t.trace({ gradients: { "weight/w": clipped } });
    }),
  },
  {
    signature: "backward/masked-branch/aten.div",
    line: 7,
    trace: byHand((t) => {
      const x = t.given("weight/w", [1, 0]);
      const chosen = t.run("aten.gt", [x], [1, 0], { dtype: "BOOL" });
      const logs = t.run("aten.log", [x], [0, -INF], { line: 7 });
      const picked = t.run("aten.where", [chosen, logs, t.given(null, [0, 0])], [0, 0], { line: 8 });
      t.begin("backward");
      const upstream = t.run("aten.ones_like", [picked], [1, 1], { line: 8 });
      const kept = t.run("aten.where", [chosen, upstream, t.given(null, [0, 0])], [1, 0], { line: 8 });
      const gradient = t.run("aten.div", [kept, x], [1, NAN], { line: 7 });
      return t.trace({ loss: picked, gradients: { "weight/w": gradient } });
    }),
  },
  {
    signature: "backward/masked-branch/aten.mul",
    what: "an exponential that overflows where it is not used",
    line: 7,
    trace: byHand((t) => {
      const x = t.given("weight/w", [1, 100]);
      const small = t.run("aten.lt", [x], [1, 0], { dtype: "BOOL" });
      const exp = t.run("aten.exp", [x], [2.7, INF], { line: 7 });
      const picked = t.run("aten.where", [small, exp, x], [2.7, 100], { line: 8 });
      t.begin("backward");
      const upstream = t.run("aten.ones_like", [picked], [1, 1], { line: 8 });
      const kept = t.run("aten.where", [small, upstream, t.given(null, [0, 0])], [1, 0], { line: 8 });
      const gradient = t.run("aten.mul", [kept, exp], [2.7, NAN], { line: 7 });
      return t.trace({ loss: picked, gradients: { "weight/w": gradient } });
    }),
  },
];
