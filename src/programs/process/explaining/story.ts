import { portableLog } from "../../../numerics/log.ts";
import { type Recurrence, recurrenceIn } from "../../diagnosis/recurrence.ts";
import type { Story } from "../../explaining.ts";
import type { StopSignal } from "../../run.ts";
import type { ProgramDiagnosis } from "../diagnosis.ts";
import type { FixedHost } from "../remedies/trial.ts";
import type { ProgramStep } from "../step.ts";
import { type Carrier, carriersOf } from "./carriers.ts";
import { traceOf } from "./traceOf.ts";

/** log10 of a magnitude of 0: below all that float32 holds. */
const NOTHING = -45;

/** The story of a step of a person's program: what grew in it, through which weights, and what made the first bad value. */
export async function story(
  host: FixedHost,
  step: ProgramStep,
  death: ProgramDiagnosis,
  signal: StopSignal,
): Promise<Story> {
  const trace = signal.aborted ? null : await traceOf(host, step);
  const grown = trace && recurrenceIn(trace);
  const through = grown ? await carriersOf(host, step, grown, signal) : [];
  return {
    sentences: [
      ...(trace === null
        ? ["The step could not be gone over op by op, so what grew in it is not known."]
        : []),
      ...(grown === null ? [] : grownSentences(grown, through)),
      ...(trace !== null && grown === null
        ? ["No value grew from timestep to timestep up to its overflow."]
        : []),
      ...(grown === null ? [death.because] : []),
      ...(death.notes ?? []),
    ],
    growth: {
      perTimestep: grown?.isByTimestep ? Number(short(grown.factor)) : null,
      through: through.map(({ what }) => what),
    },
    levels: (grown?.magnitudes ?? []).map((value) =>
      value === 0 ? NOTHING : portableLog(value) / Math.LN10,
    ),
    ...(grown && { axis: axisOf(grown) }),
  };
}

function grownSentences(grown: Recurrence, through: readonly Carrier[]): string[] {
  const { factor, magnitudes, weights } = grown;
  const { what, first, last } = axisOf(grown);
  const [from = 0] = magnitudes;
  const each = grown.isByTimestep ? "a timestep" : "from one to the next";
  const passed = grown.isByTimestep ? `at timestep ${last + 1}` : "in the next one";
  return [
    `The largest magnitude that ${placeOf(grown)} makes grew from ${power(from)} at ${what} ${first} to ${power(magnitudes.at(-1) ?? 0)} at ${what} ${last}, by a factor of ${short(factor)} ${each} at the end, and overflowed ${passed}.`,
    ...(weights.length > 0 ? [throughSentence(grown, through)] : []),
  ];
}

function throughSentence({ weights, factor }: Recurrence, through: readonly Carrier[]): string {
  const [first] = through;
  if (first === undefined)
    return `Each was computed from the one before with ${weights.join(", ")}; none of their largest numbers carries it by itself.`;
  const named = through.map(({ what, value }) => `${what} (${short(value)})`).join(", ");
  return `It grew through ${named}: with 0 in the place of the first the factor is ${short(first.without)} instead of ${short(factor)}.`;
}

function placeOf({ operation: { operation, file, line, layer } }: Recurrence): string {
  const where = layer === null ? "" : ` of layer ${layer}`;
  const at = file === null || line === null ? "" : ` at ${file.split(/[\\/]/).at(-1)}:${line}`;
  return `${operation}${where}${at}`;
}

/** The axis of the growth: timesteps, or executions of one place, each computed from the one before. */
function axisOf({ isByTimestep, operation, magnitudes }: Recurrence): NonNullable<Story["axis"]> {
  if (!isByTimestep || operation.timestep === null)
    return { what: "execution", first: 1, last: magnitudes.length };
  const last = operation.timestep - 1;
  return { what: "timestep", first: last - magnitudes.length + 1, last };
}

/** 4.7e+38 as 4.7e38. */
function power(value: number): string {
  return value.toExponential(1).replace("e+", "e");
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
