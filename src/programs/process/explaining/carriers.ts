import { growthAt, type Recurrence } from "../../diagnosis/recurrence.ts";
import type { StepNumber } from "../../explaining.ts";
import type { StopSignal } from "../../run.ts";
import type { FixedHost } from "../remedies/trial.ts";
import type { ProgramStep } from "../step.ts";
import { recordOf } from "./lives.ts";
import { numbersIn } from "./numbers.ts";
import { traceOf } from "./traceOf.ts";

/** Numbers that are tried, the largest first. */
const MOST_TRIED = 60;
/** Numbers that are named. A trace takes its time: the step is traced for no more of them. */
const MOST_CARRIERS = 5;
/** The logarithm of the factor is less by this part without a number that carries it. */
const LESS = 0.1;

/** A number of a weight that carries a growth. */
export interface Carrier extends StepNumber<ProgramStep> {
  /** By what the state grows from one execution to the next with 0 in the place of the number. */
  without: number;
}

/** The numbers of a recurrence's weights that carry its growth, those first without which it is the least. */
export async function carriersOf(
  host: FixedHost,
  step: ProgramStep,
  grown: Recurrence,
  signal: StopSignal,
): Promise<Carrier[]> {
  const numbers = [...numbersIn(step, "state", (name) => grown.weights.includes(name))]
    .filter(({ value }) => value !== 0)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const saving: { number: StepNumber<ProgramStep>; other: ProgramStep; loss: number }[] = [];
  for (const number of numbers.slice(0, MOST_TRIED)) {
    if (signal.aborted) return [];
    const other = number.with(0);
    const record = other && (await recordOf(host, other));
    if (other !== null && record?.dead === null)
      saving.push({ number, other, loss: Math.abs(Number(record.loss)) });
  }
  // The less a state grows, the less is made of it.
  saving.sort((a, b) => a.loss - b.loss);
  const found: Carrier[] = [];
  for (const { number, other } of saving.slice(0, MOST_CARRIERS)) {
    if (signal.aborted) break;
    const trace = await traceOf(host, other);
    const without = trace && growthAt(trace, grown);
    if (without !== null && Math.log(without) < (1 - LESS) * Math.log(grown.factor))
      found.push({ ...number, without });
  }
  return found.sort((a, b) => a.without - b.without);
}
