import type { Made } from "./handMade.ts";
import { byHand, one, type Planted, recurrence, two } from "./planted.ts";

const INF = Number.POSITIVE_INFINITY;
const NAN = Number.NaN;

/** Deaths in the names of JAX's primitives. */
export const JAX: readonly Planted[] = [
  { signature: "forward/exp-overflow/exp", trace: one("exp", [100], [INF]) },
  { signature: "forward/log-of-zero/log", trace: one("log", [0], [-INF]) },
  { signature: "forward/log-of-negative/log", trace: one("log", [-1], [NAN]) },
  { signature: "forward/log-of-zero/log1p", trace: one("log1p", [-1], [-INF]) },
  { signature: "forward/division-by-zero/div", trace: two("div", [1], [0], [INF]) },
  { signature: "forward/zero-over-zero/div", trace: two("div", [0], [0], [NAN]) },
  { signature: "forward/reciprocal-overflow/div", trace: two("div", [1], [1e-39], [INF]) },
  { signature: "forward/product-overflow/dot_general", trace: two("dot_general", [1e20], [1e20], [INF]) },
  {
    signature: "forward/sum-of-squares-overflow/integer_pow",
    trace: byHand((t) => {
      const loss = t.run("integer_pow", [t.given("weight/w", [1e25])], [INF], { attributes: { y: 2 } });
      return t.trace({ loss });
    }),
  },
  {
    signature: "forward/product-overflow/integer_pow",
    trace: byHand((t) => {
      const loss = t.run("integer_pow", [t.given("weight/w", [1e25])], [INF], { attributes: { y: 3 } });
      return t.trace({ loss });
    }),
  },
  {
    signature: "forward/half-precision-overflow/convert_element_type",
    trace: byHand((t) => {
      const wide = t.given("weight/w", [7e4]);
      return t.trace({ loss: t.run("convert_element_type", [wide], [INF], { dtype: "F16" }) });
    }),
  },
  {
    signature: "forward/recurrence-overflow/dot_general",
    line: 20,
    trace: recurrence("dot_general", "add", 1.5, 250),
  },
  {
    signature: "forward/softmax-of-nothing/sub",
    what: "a softmax that JAX takes apart",
    trace: byHand((t) => {
      const masked = t.run("select_n", [t.given("weight/w", [1, 2])], [-INF, -INF]);
      const largest = t.run("reduce_max", [masked], [-INF], { line: 5 });
      const shifted = t.run("sub", [masked, largest], [NAN, NAN], { line: 5 });
      return t.trace({ loss: t.run("exp", [shifted], [NAN, NAN], { line: 5 }) });
    }),
    line: 5,
  },
  {
    signature: "backward/root-gradient-at-zero/div",
    what: "the gradient's factor is computed in the forward pass",
    trace: byHand((t) => {
      const x = t.given("weight/w", [0]);
      const loss = t.run("sqrt", [x], [0]);
      const factor = t.run("div", [t.given(null, [0.5]), loss], [INF]);
      t.begin("backward");
      const gradient = t.run("mul", [t.run("broadcast_in_dim", [loss], [1]), factor], [INF]);
      return t.trace({ loss, gradients: { "weight/w": gradient } });
    }),
  },
  {
    signature: "forward/recurrence-overflow/mul",
    what: "a line that multiplies twice a timestep",
    trace: byHand((t) => {
      const weight = t.given("weight/w", [4]);
      let state = t.given("batch/0", [1]);
      for (let execution = 0; execution < 140; execution += 2) {
        const nothing = t.run("mul", [state, t.given(null, [0])], [0], { execution, of: 140 });
        const grown = Math.fround((state.numbers[0] ?? 0) * 4);
        const product = t.run("mul", [state, weight], [grown], { execution: execution + 1, of: 140 });
        state = t.run("add_any", [nothing, product], [grown]);
      }
      return t.trace({ loss: state });
    }),
  },
  {
    signature: "backward/root-gradient-at-zero/rsqrt",
    what: "acos at 1, its gradient's factor computed in the forward pass",
    trace: byHand((t) => {
      const x = t.given("weight/w", [1]);
      const loss = t.run("acos", [x], [0]);
      const rest = t.run("sub", [t.given(null, [1]), t.run("square", [x], [1])], [0]);
      const factor = t.run("neg", [t.run("rsqrt", [rest], [INF])], [-INF]);
      t.begin("backward");
      const gradient = t.run("mul", [t.run("broadcast_in_dim", [loss], [1]), factor], [-INF]);
      return t.trace({ loss, gradients: { "weight/w": gradient } });
    }),
  },
  {
    signature: "backward/masked-branch/mul",
    what: "a sigmoid of two branches, of which the one not used saturates",
    trace: byHand((t) => {
      const x = t.given("weight/w", [-100]);
      const positive = t.run("ge", [x], [0], { dtype: "BOOL" });
      const exp = t.run("exp", [t.run("neg", [x], [100])], [INF]);
      const more = t.run("add", [t.given(null, [1]), exp], [INF]);
      const right = t.run("div", [t.given(null, [1]), more], [0]);
      const loss = t.run("select_n", [positive, t.run("exp", [x], [0]), right], [0]);
      const slope = t.run("integer_pow", [more], [0], { attributes: { y: -2 } });
      t.begin("backward");
      const kept = t.run("select_n", [positive, t.run("broadcast_in_dim", [loss], [1])], [0]);
      const back = t.run("neg", [t.run("mul", [kept, slope], [0])], [0]);
      const gradient = t.run("mul", [back, exp], [NAN]);
      return t.trace({ loss, gradients: { "weight/w": gradient } });
    }),
  },
  {
    signature: "backward/masked-branch/mul",
    what: "a root of 0 that is not used",
    line: 7,
    trace: byHand((t) => {
      const x = t.given("weight/w", [4, 0]);
      const chosen = t.run("gt", [x], [1, 0], { dtype: "BOOL" });
      const root = t.run("sqrt", [x], [2, 0], { line: 7 });
      const factor = t.run("div", [t.given(null, [0.5]), root], [0.25, INF], { line: 7 });
      const picked = t.run("select_n", [chosen, t.given(null, [0, 0]), root], [2, 0], { line: 8 });
      t.begin("backward");
      const upstream = t.run("broadcast_in_dim", [picked], [1, 1], { line: 8 });
      const kept = t.run("select_n", [chosen, t.given(null, [0, 0]), upstream], [1, 0], { line: 8 });
      const gradient = t.run("mul", [kept, factor], [0.25, NAN], { line: 7 });
      return t.trace({ loss: picked, gradients: { "weight/w": gradient } });
    }),
  },
  {
    signature: "backward/masked-branch/div",
    what: "a logarithm that a maximum leaves out, its mask made in the forward pass",
    trace: byHand((t) => {
      const x = t.given("weight/w", [1, 0]);
      const logs = t.run("log", [x], [0, -INF]);
      const loss = t.run("max", [logs, t.given(null, [-100])], [0, -100]);
      const same = t.run("eq", [logs, loss], [1, 0]);
      const [none, all] = [0, 1].map((one) => t.run("broadcast_in_dim", [t.given(null, [one])], [one, one]));
      const mask = t.run(
        "div",
        [t.run("select_n", [same, none as Made, all as Made], [1, 0]), all as Made],
        [1, 0],
      );
      t.begin("backward");
      const upstream = t.run("mul", [t.run("broadcast_in_dim", [], [1, 1]), mask], [1, 0]);
      return t.trace({ loss, gradients: { "weight/w": t.run("div", [upstream, x], [1, NAN]) } });
    }),
  },
  {
    signature: "update/second-moment-overflow/mul",
    what: "no names of gradients and slots are known",
    trace: byHand((t) => {
      t.begin("update");
      const gradient = t.given(null, [1e25]);
      const squared = t.run("mul", [gradient, gradient], [INF]);
      const moment = t.run("add", [t.given("weight/nu", [0]), squared], [INF]);
      return t.trace({ weights: { "weight/nu": moment } });
    }),
  },
];

/** Deaths in the names of TensorFlow's operations, which tensorflow.js shares for the most part. */
export const TENSORFLOW: readonly Planted[] = [
  { signature: "forward/product-overflow/MatMul", trace: two("MatMul", [1e20], [1e20], [INF]) },
  {
    signature: "forward/sum-of-squares-overflow/SquaredDifference",
    trace: two("SquaredDifference", [1e25], [1], [INF]),
  },
  {
    signature: "forward/recurrence-overflow/CudnnRNNV3",
    what: "a fused layer",
    trace: one("CudnnRNNV3", [1], [INF]),
  },
  {
    signature: "backward/root-gradient-at-zero/SqrtGrad",
    trace: byHand((t) => {
      const loss = t.run("Sqrt", [t.given("weight/w", [0])], [0]);
      t.begin("backward");
      const gradient = t.run("SqrtGrad", [loss, t.run("Fill", [], [1])], [INF]);
      return t.trace({ loss, gradients: { "weight/w": gradient } });
    }),
  },
  {
    signature: "backward/masked-branch/Mul",
    what: "a reciprocal of 0 that is made in the backward pass",
    line: 7,
    trace: byHand((t) => {
      const x = t.given("weight/w", [1, 0]);
      const chosen = t.run("Greater", [x], [1, 0], { dtype: "BOOL" });
      const logs = t.run("Log", [x], [0, -INF], { line: 7 });
      const picked = t.run("SelectV2", [chosen, logs, t.given(null, [0, 0])], [0, 0], { line: 8 });
      t.begin("backward");
      const upstream = t.run("Fill", [], [1, 1], { line: 8 });
      const kept = t.run("SelectV2", [chosen, upstream, t.given(null, [0, 0])], [1, 0], { line: 8 });
      const reciprocal = t.run("Reciprocal", [x], [1, INF], { line: 7 });
      const gradient = t.run("Mul", [kept, reciprocal], [1, NAN], { line: 7 });
      return t.trace({ loss: picked, gradients: { "weight/w": gradient } });
    }),
  },
  {
    signature: "update/non-finite-clip-norm/L2Loss",
    trace: byHand((t) => {
      t.begin("update");
      const gradient = t.given(null, [1e25]);
      const norm = t.run("L2Loss", [gradient], [INF], { whole: true });
      const scale = t.run("Sub", [norm, norm], [NAN]);
      return t.trace({ gradients: { "weight/w": t.run("Mul", [gradient, scale], [NAN]) } });
    }),
  },
  {
    signature: "update/second-moment-overflow/ResourceApplyAdam",
    what: "an update of one operation",
    trace: byHand((t) => {
      t.begin("update");
      const inputs = [t.given("weight/w", [1]), t.given("slot/w/v", [0]), t.given(null, [1e25])];
      const second = t.run("ResourceApplyAdam", inputs, [INF], { whole: true });
      return t.trace({ slots: { "slot/w/v": second } });
    }),
  },
  {
    signature: "update/zero-over-zero/ResourceApplyAdam",
    what: "an epsilon of 0",
    trace: byHand((t) => {
      t.begin("update");
      const inputs = [t.given("weight/w", [1]), t.given("slot/w/v", [0]), t.given(null, [0])];
      const weight = t.run("ResourceApplyAdam", inputs, [NAN], { whole: true });
      return t.trace({ weights: { "weight/w": weight } });
    }),
  },
  {
    signature: "forward/unknown-operation/other",
    what: "a kernel of one's own, by a name that no signature may hold",
    trace: one("my kernel/αβγ", [1], [NAN]),
  },
];
