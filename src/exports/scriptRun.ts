import type { Reproduction } from "./reproduction.ts";

/** The end of a script: its exit status and its lines. */
export interface ScriptRun {
  /** 1 it dies, 0 it lives, else it could not run. */
  exitCode: number;
  stdout: string;
  /** Why it could not run. */
  error: string;
}

/** The facts that a run of a script shows. */
export interface ScriptFacts {
  status: "dies" | "lives" | "cannot run";
  /** log10 of the largest cell of the shown timesteps, in float32. */
  heat: readonly number[];
  /** The part that its last line names: `loss`, `gradient`, `second moment`, ...; null where it names none. */
  part: string | null;
  /** True where float64 lived; null where the script does not say. */
  float64Lives: boolean | null;
  /** The largest sum of squares in float32; null where the script does not say. */
  squares: number | null;
  lastLine: string;
}

/** Reads what a script printed. */
export function factsOf({ exitCode, stdout }: ScriptRun): ScriptFacts {
  const lines = stdout.split("\n").filter((line) => line.trim() !== "");
  const lastLine = lines.at(-1) ?? "";
  const heat = lines.find((line) => /float32: log10 of the largest/.test(line)) ?? "";
  const float64Line = lines.find((line) => /float64 (lives|dies)/.test(line));
  const squares = lines.findLast((line) => line.startsWith("the largest sum of squares"));
  return {
    status: exitCode === 1 ? "dies" : exitCode === 0 ? "lives" : "cannot run",
    heat: numbersIn(heat.slice(heat.lastIndexOf(":") + 1)),
    part: /^([a-z ]+): expected finite, got/.exec(lastLine)?.[1] ?? null,
    float64Lives: float64Line === undefined ? null : float64Line.includes("lives"),
    squares:
      squares === undefined ? null : (numbersIn(squares.slice(squares.lastIndexOf(":") + 1))[0] ?? null),
    lastLine,
  };
}

/** Numbers as Python and JavaScript write them, `inf` and `nan` too. */
function numbersIn(text: string): number[] {
  return [...text.matchAll(/-?(?:inf(?:inity)?|nan|\d+\.?\d*(?:e[+-]?\d+)?)/gi)].map(([word]) => {
    if (/nan/i.test(word)) return Number.NaN;
    if (/inf/i.test(word)) return word.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return Number(word);
  });
}

/** Why what was seen is not the death of the reproduction; null where it is, at the same timestep and of the same mechanism. */
export function otherDeath({ site, signature }: Reproduction, seen: ScriptFacts): string | null {
  if (seen.status === "cannot run") return "it cannot run";
  if (seen.status === "lives") return "it lives";
  const overflowed = seen.heat.findIndex(
    (value) => Number.isNaN(value) || value === Number.POSITIVE_INFINITY,
  );
  if (site.phase === "forward") {
    if (overflowed === seen.heat.length - 1 && overflowed >= 0) return null;
    return overflowed < 0 ? "no cell overflows" : "a cell overflows at an earlier timestep";
  }
  if (overflowed >= 0) return "a cell overflows";
  const mechanism = signature.split("/")[1];
  if (mechanism === "sum-of-squares-overflow")
    return seen.squares === Number.POSITIVE_INFINITY ? null : "no sum of squares overflows";
  const parts = PARTS[site.phase];
  if (mechanism === "second-moment-overflow")
    return seen.part === "second moment" ? null : `it dies of its ${seen.part}`;
  return seen.part !== null && parts.includes(seen.part) ? null : `it dies of its ${seen.part}`;
}

/** The parts in which a death of each later phase may show first; Keras clips inside its optimizer, whose first moment then shows it. */
const PARTS: Readonly<Record<Exclude<Reproduction["site"]["phase"], "forward">, readonly string[]>> = {
  normalise: ["loss", "gradient"],
  backward: ["gradient"],
  clip: ["clipped gradient", "first moment"],
  update: ["first moment", "second moment", "weight"],
};
