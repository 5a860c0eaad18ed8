import { type Reproduction, shownTimesteps } from "../reproduction.ts";
import { layerName } from "../tensors.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { indented, listStatement } from "./head.ts";
import { clipLines, updateLines } from "./update.ts";

/** The names of all parameters, in the order of a list of them. */
export function parameterNames(reproduction: Reproduction): string[] {
  return reproduction.layers.flatMap((_, l) =>
    ["kernel", "recurrent_kernel", "bias"].map((name) => layerName(reproduction, name, l)),
  );
}

/** The expressions by which a library takes the gradient and looks at its arrays. */
export interface TrainingWords {
  math: Arithmetic;
  /** Statements that make `loss`, `cells` and `gradients` of `parameters` and the batch. */
  gradients: readonly string[];
  zerosLike: string;
  /** The entries of an array that are not finite. */
  wrongOf(array: string): string;
}

/** Columns before the statements of a step. */
const INDENT = 4;

/** The statements of a step that goes past its loss: `wrong` names what of it is not finite, with its entries. */
export function stepLines(reproduction: Reproduction, training: TrainingWords): string[] {
  const { depth, optimizer } = reproduction;
  const { math } = training;
  const clipped = clipsIn(reproduction);
  const update =
    depth === "update"
      ? updateLines(reproduction, {
          math,
          indent: optimizer.skipNonFinite ? 2 * INDENT : INDENT,
          gradients: clipped ? "clipped" : "gradients",
        })
      : [];
  return [
    ...listStatement("parameters", parameterNames(reproduction), INDENT),
    ...momentLines(reproduction, training),
    ...training.gradients,
    ...(clipped ? clipLines(reproduction, { math, indent: INDENT }) : []),
    ...(optimizer.skipNonFinite && update.length > 0
      ? [`if all(${math.isFinite("a")} for a in [loss, *gradients]):`, ...indented(update)]
      : update),
    ...wrongLines(reproduction, { wrongOf: training.wrongOf, isFinite: math.isFinite }),
  ];
}

/** True where the death is in the clip, or behind it. */
export function clipsIn({ depth, optimizer }: Reproduction): boolean {
  return optimizer.clip.kind !== "none" && (depth === "clip" || depth === "update");
}

function momentLines(reproduction: Reproduction, { zerosLike }: TrainingWords): string[] {
  const { depth, optimizer, moments } = reproduction;
  if (depth !== "update" || optimizer.kind !== "adam") return [];
  return ["first", "second"].flatMap((name) =>
    moments === null
      ? [`${name} = [${zerosLike}(p) for p in parameters]`]
      : listStatement(
          name,
          parameterNames(reproduction).map((of) => `${name}_moment_of_${of}`),
          INDENT,
        ),
  );
}

/** The lists that kill a step where they are not finite, each with the name of its numbers, in the order in which they are computed. */
function watched(reproduction: Reproduction): [name: string, list: string][] {
  const { optimizer, depth } = reproduction;
  const clipped = clipsIn(reproduction);
  const step: [string, string][] = [
    ["loss", "[loss]"],
    // What a clip by value holds back harms nothing.
    ...(clipped && optimizer.clip.kind === "value" ? [] : [["gradient", "gradients"] as [string, string]]),
    ...(clipped ? [["clipped gradient", "clipped"] as [string, string]] : []),
  ];
  const moments: [string, string][] = [
    ["first moment", "first"],
    ["second moment", "second"],
  ];
  return [
    ...(optimizer.skipNonFinite ? [] : step),
    ...(depth === "update" && optimizer.kind === "adam" ? moments : []),
    ...(depth === "update" ? [["weight", "parameters"] as [string, string]] : []),
  ];
}

/** The lists to look at, and the columns before the statements. */
interface WrongOptions {
  parts?: readonly [name: string, list: string][];
  indent?: number;
}

/** The statements that make `wrong` of what is watched. */
export function wrongLines(
  reproduction: Reproduction,
  { wrongOf, isFinite: finite }: { wrongOf(array: string): string; isFinite(array: string): string },
  { parts = watched(reproduction), indent = INDENT }: WrongOptions = {},
): string[] {
  const found = parts.map(([name, list]) => `("${name}", ${list})`);
  return [
    ...listStatement("found", found, indent),
    "wrong = [",
    `    (name, ${wrongOf("a")})`,
    "    for name, values in found",
    "    for a in values",
    `    if not ${finite("a")}`,
    "]",
  ];
}

/** The end of a script of such a step. */
export const STEP_END = [
  "",
  "if wrong:",
  "    name, values = wrong[0]",
  '    print(f"{name}: expected finite, got {values[0]}")',
  "sys.exit(1 if wrong else 0)",
];

/** The end of a script that stops at the loss. */
export function lossEnd(finite: string): string[] {
  return [
    "",
    `if not ${finite}:`,
    '    print(f"loss: expected finite, got {loss}")',
    `sys.exit(0 if ${finite} else 1)`,
  ];
}

/** The statements that show the heat in one type of numbers: `cells` are arrays, one a timestep. */
export function heatLines(reproduction: Reproduction): string[] {
  const { from, to } = shownTimesteps(reproduction);
  const dies = reproduction.depth === "loss" ? "not np.isfinite(loss)" : "wrong";
  return [
    `heat = np.log10(np.abs(cells[${from}:${to + 1}]).max((1, 2))).round(1)`,
    `print(f"{dtype}: log10 of the largest |cell| at timesteps ${from} to ${to}: {heat}")`,
    ...squaresLine(reproduction, "np.square(output)"),
    `print(f"{dtype} {'dies' if ${dies} else 'lives'}: the loss is {loss}")`,
  ];
}

/** The statement that shows a death in the normalisation: the sums that it takes of an output's squares. */
export function squaresLine({ site }: Reproduction, squares: string): string[] {
  return site.phase === "normalise"
    ? [`print("the largest sum of squares:", np.sum(${squares}, -1).max())`]
    : [];
}
