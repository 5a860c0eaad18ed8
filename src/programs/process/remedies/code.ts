import { shellWord } from "../../../documents/printable.ts";
import type { HostReply } from "../../protocol.ts";
import type { Hosting } from "../hosting.ts";
import { textOf } from "../knobs.ts";
import { INTERVENTIONS } from "./interventions.ts";

/** The framework that a program trains with. */
type Framework = HostReply<"open">["framework"];

interface Lines {
  clip(norm: number): string;
  rate(divisor: number): string;
  skip: string;
}

/** The lines that do what an intervention does. */
const LINES: Readonly<Record<Framework, Lines>> = {
  torch: {
    clip: (norm) => `torch.nn.utils.clip_grad_norm_(model.parameters(), ${norm})  # before optimizer.step()`,
    rate: (divisor) => `for group in optimizer.param_groups: group["lr"] /= ${divisor}`,
    skip: "if torch.isfinite(loss) and all(p.grad is None or p.grad.isfinite().all() for p in model.parameters()): optimizer.step()",
  },
  keras: {
    clip: (norm) => `keras.optimizers.Adam(rate, global_clipnorm=${norm})  # any optimizer takes it`,
    rate: (divisor) => `keras.optimizers.Adam(rate / ${divisor})  # or the optimizer that it is`,
    skip: "model.compile(keras.optimizers.LossScaleOptimizer(optimizer), loss)",
  },
  tensorflow: {
    clip: (norm) => `gradients, _ = tf.clip_by_global_norm(gradients, ${norm})`,
    rate: (divisor) => `optimizer.learning_rate.assign(optimizer.learning_rate / ${divisor})`,
    skip: "if tf.reduce_all([tf.reduce_all(tf.math.is_finite(g)) for g in gradients]): optimizer.apply_gradients(zip(gradients, variables))",
  },
  tensorflow1: {
    clip: (norm) => `gradients, _ = tf.clip_by_global_norm(gradients, ${norm})`,
    rate: (divisor) => `tf.train.AdamOptimizer(rate / ${divisor})  # or the optimizer that it is`,
    skip: "train = tf.cond(tf.math.is_finite(tf.linalg.global_norm(gradients)), lambda: optimizer.apply_gradients(pairs), tf.no_op)",
  },
  jax: {
    clip: (norm) => `optax.chain(optax.clip_by_global_norm(${norm}), optimizer)`,
    rate: (divisor) => `optax.chain(optimizer, optax.scale(1 / ${divisor}))`,
    skip: "optax.apply_if_finite(optimizer, max_consecutive_errors=1_000_000)",
  },
  tfjs: {
    clip: (norm) =>
      `const s = Math.min(1, ${norm} / norm); grads = Object.fromEntries(Object.entries(grads).map(([k, g]) => [k, g.mul(s)])); // norm: the global norm`,
    rate: (divisor) => `tf.train.adam(rate / ${divisor}) // or the optimizer that it is`,
    skip: "if (Number.isFinite(norm)) optimizer.applyGradients(grads); // norm: the global norm of grads",
  },
};

/** The line of a remedy of a program, in the framework that it trains with; of the person's own, what it is instead of. */
export function codeOf(
  fix: string,
  { framework, ready }: Pick<Hosting, "framework" | "ready">,
): Readonly<Record<string, string>> | null {
  const intervention = Object.hasOwn(INTERVENTIONS, fix) ? INTERVENTIONS[fix] : undefined;
  if (intervention === undefined) {
    const [name = ""] = fix.split("=");
    const knob = Object.hasOwn(ready.knobs, name) ? ready.knobs[name] : undefined;
    if (knob === undefined) return { file: `diff ${shellWord(ready.file.name)} ${shellWord(fix)}` };
    return { knob: `${fix}, whose default is ${textOf(knob.default)}` };
  }
  if (framework === null) return null;
  const { clip, rate, skip } = LINES[framework];
  const { clipNorm, learningRateFactor } = intervention;
  if (clipNorm !== undefined) return { [framework]: clip(clipNorm) };
  if (learningRateFactor !== undefined) return { [framework]: rate(Math.round(1 / learningRateFactor)) };
  return { [framework]: skip };
}
