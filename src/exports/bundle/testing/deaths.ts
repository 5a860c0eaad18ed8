import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Framework } from "../frameworks.ts";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "deaths");

/** A death of a small program that is kept here, so that no test trains anything. `scripts/bundle-deaths.ts` makes them. */
export interface KeptDeath {
  framework: Framework;
  /** The program, by its path below the project. */
  program: string;
  /** A program that nanproof starts, or a script that a person does. */
  form: "program" | "script";
  /** The last line of the runner. */
  last: string;
  /** A part of the program's text, and the text in its place with which the step lives. */
  mended: readonly [string, string];
}

/** One death of every framework. */
export const KEPT_DEATHS: readonly KeptDeath[] = [
  {
    framework: "tfjs",
    program: "examples/log-of-policy.mjs",
    form: "program",
    last: "gradient: expected finite, got nan",
    mended: ["tf.log(chosen)", "tf.log(tf.add(chosen, 1e-6))"],
  },
  {
    framework: "torch",
    program: "examples/torch_ignored_targets.py",
    form: "program",
    last: "loss: expected finite, got nan",
    mended: ["ignore_index=", 'reduction="sum", ignore_index='],
  },
  {
    framework: "keras",
    program: "examples/keras_relu_lstm.py",
    form: "program",
    last: "loss: expected finite, got nan",
    mended: ['activation="relu"', 'activation="tanh"'],
  },
  {
    framework: "tensorflow",
    program: "examples/tf_log_softmax.py",
    form: "program",
    last: "loss: expected finite, got nan",
    mended: ["tf.math.log(probabilities)", "tf.math.log(probabilities + 1e-6)"],
  },
  {
    framework: "tensorflow1",
    program: "python/tests/programs/script_tensorflow1.py",
    form: "script",
    last: "loss: expected finite, got inf",
    mended: ["tf.nn.relu(w - x)", "tf.nn.relu(w - x) + 1"],
  },
  {
    framework: "jax",
    program: "examples/jax_masked_root.py",
    form: "program",
    last: "weight: expected finite, got nan",
    mended: [
      "jnp.sqrt(jnp.sum(moved**2, axis=1, keepdims=True))",
      "jnp.sum(moved**2, axis=1, keepdims=True)",
    ],
  },
];

/** The folder that a framework's death lies in. */
export function deathFolder(framework: Framework): string {
  return join(FOLDER, framework);
}

/** The path of a framework's fixture. */
export function deathFile(framework: Framework): string {
  const name = readdirSync(deathFolder(framework)).find((one) => one.endsWith(".json"));
  if (name === undefined) throw new Error(`there is no death of ${framework}`);
  return join(deathFolder(framework), name);
}

/** The absolute path of a kept death's program. */
export function deathProgram({ program }: KeptDeath): string {
  return resolve(program);
}

/** A program's text with what it died of written otherwise. */
export function mendedText({ mended: [from, to] }: KeptDeath, text: string): string {
  if (!text.includes(from)) throw new Error(`no ${from}`);
  return text.replaceAll(from, to);
}
