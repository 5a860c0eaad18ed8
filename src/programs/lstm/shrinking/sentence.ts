import { maxAbs } from "../../../numerics/measure.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import { gateColumns, gateOfColumn } from "../cases/gates.ts";
import { parameterArrays } from "../cases/parameters.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { layerShapes } from "../cases/shapes.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import { wordsOf } from "../diagnosis/mechanismTable.ts";
import type { Engine } from "../engines/engine.ts";
import { type BackwardGrowth, backwardGrowthIn } from "./backwardGrowth.ts";
import { type CellGrowth, cellGrowthIn } from "./cellGrowth.ts";

/** Growth that a sentence tells of; both null where the step was not traced. */
export interface StepGrowth {
  growth: CellGrowth | null;
  backward: BackwardGrowth | null;
}

const NOT_TRACED: StepGrowth = { growth: null, backward: null };

/** Growth in a step, forwards and back. */
export function stepGrowthIn(engine: Engine, step: CapturedStep, death: Diagnosis): StepGrowth {
  return { growth: cellGrowthIn(engine, step, death), backward: backwardGrowthIn(engine, step, death) };
}

/**
 * The death of a step for a person: "two relu units, no input, recurrent weight 5.03: the cell grows 5.7x a timestep
 * and overflows at timestep 52".
 * @param growth Growth of the cell in the step, and of the gradient going back.
 */
export function stepSentence(
  step: CapturedStep,
  death: Diagnosis,
  { growth, backward }: StepGrowth = NOT_TRACED,
): string {
  const parts = [
    unitsPhrase(step.case.model),
    ...rowsPhrase(step),
    inputPhrase(step),
    weightPhrase(step, death, growth),
  ];
  return `${parts.filter(Boolean).join(", ")}: ${wordsOf(death.mechanism)?.dies({ death, growth, backward, step, short }) ?? `${death.operation} (${death.mechanism})`}`;
}

function unitsPhrase({ layers }: TrainingCase["model"]): string {
  return layers
    .map(({ units, activation }) => `${count(units)} ${activation} unit${units === 1 ? "" : "s"}`)
    .join(" below ");
}

function rowsPhrase({ batch }: CapturedStep): string[] {
  if (batch.rows === 1) return [];
  const lengths = [...new Set(batch.lengths)];
  const of = lengths.length > 3 ? `up to ${Math.max(...lengths)}` : lengths.join(" and ");
  return [`${count(batch.rows)} rows of ${of} timesteps`];
}

function inputPhrase({ batch }: CapturedStep): string {
  const given = batch.x.filter((value) => value !== 0);
  if (given.length === 0) return "no input";
  if (given.length === 1) return `one input of ${short(given[0] ?? 0)}`;
  return `inputs up to ${short(maxAbs([given.filter(Number.isFinite)]))}`;
}

/** The candidate's largest recurrent weight of the growing layer; where nothing grows the largest weight of all. */
function weightPhrase(
  { case: testCase, state }: CapturedStep,
  death: Diagnosis,
  growth: CellGrowth | null,
): string {
  const recurrent =
    death.mechanism === "recurrence-overflow" || death.mechanism === "discarded-step-overflow";
  const shape = layerShapes(testCase.model)[growth?.layer ?? -1];
  const kernel = state.weights[growth?.layer ?? -1]?.kernel;
  if (recurrent && shape && kernel) {
    const { inputs, units } = shape;
    const columns = gateColumns(units);
    const feeds = kernel.filter(
      (_, i) => i >= inputs * columns && gateOfColumn(i % columns, units).gate === "candidate",
    );
    const largest = feeds.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    return `${feeds.length > 1 ? "largest " : ""}recurrent weight ${short(largest)}`;
  }
  const largest = maxAbs(parameterArrays(state.weights));
  if (Number.isNaN(largest)) return "";
  return largest === 0 ? "every weight 0" : `weights up to ${short(largest)}`;
}

const WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

function count(items: number): string {
  return WORDS[items] ?? String(items);
}

/** At most three digits: 5.03, 0.1, 3e+8 as 3e8. */
function short(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const isPlain = rounded === 0 || (Math.abs(rounded) >= 1e-3 && Math.abs(rounded) < 1e6);
  if (isPlain || !Number.isFinite(rounded)) return String(rounded);
  const [mantissa, exponent] = rounded.toExponential().split("e");
  return `${mantissa}e${Number(exponent)}`;
}
