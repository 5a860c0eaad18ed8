import { portableLog } from "../../../numerics/log.ts";
import type { Story } from "../../explaining.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import { gateColumn, gateColumns } from "../cases/gates.ts";
import { layerShapes } from "../cases/shapes.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import { deathSentence, siteSentence } from "../diagnosis/words.ts";
import type { Engine } from "../engines/engine.ts";
import { type BackwardGrowth, backwardGrowthIn } from "../shrinking/backwardGrowth.ts";
import { cellGrowthIn } from "../shrinking/cellGrowth.ts";
import { type Cells, cellsOf } from "./cells.ts";

/** A story names the weights that carry a growth until they make up this part of it, and no more than so many. */
const CARRIED = 0.9;
const MOST_CARRIERS = 5;
/** log10 of the number from which on a square is no float32 any more. */
const SQUARE_ENDS = 19.27;

/** The story of the row that died: when its cells grew, by what factor, through which weights, and what made the NaN. */
export function story(engine: Engine, step: CapturedStep, death: Diagnosis): Story {
  const growth = cellGrowthIn(engine, step, death);
  const ends = [siteIs(death, step), `${capital(deathSentence(death))}.`];
  const ofGradients = growth === null ? backwardStory(backwardGrowthIn(engine, step, death), ends) : null;
  if (ofGradients !== null) return ofGradients;
  const row = death.site?.timestep == null ? 0 : death.site.row;
  const layer = growth?.layer ?? death.site?.layer ?? 0;
  const cells = cellsOf(engine, step, { row, layer });
  const levels = levelsOf(cells.largest);
  const through = growth === null ? [] : carriers(step, layer, cells);
  const sentences = [
    ...(growth === null ? [NO_CELL_GREW] : grew(levels, growth.factor, { layer, row, cells })),
    ...throughSentence(step, through),
    ...ends,
  ];
  return { sentences, growth: { perTimestep: growth?.factor ?? null, through }, levels };
}

const NO_CELL_GREW = "No cell grew over the timesteps.";

/** The story of gradients that grew going back over the timesteps; null where none did. */
function backwardStory(growth: BackwardGrowth | null, ends: readonly string[]): Story | null {
  if (growth === null || growth.factor === null) return null;
  const { factor, largest, from, to, timesteps } = growth;
  return {
    sentences: [
      NO_CELL_GREW,
      `Going back, the largest gradient of a cell or hidden state grew from ${power(largest[from])} at timestep ${from} to ${power(largest[to])} at timestep ${to}, by a factor of ${factor} a timestep.`,
      ...ends,
    ],
    growth: { perTimestep: factor, through: [] },
    levels: levelsOf(largest),
    axis: { what: "largest gradient, timestep", first: 0, last: timesteps - 1 },
  };
}

/** log10 of magnitudes; nothing where all are 0. One of 0 among others is as low as float32 goes. */
function levelsOf(largest: ArrayLike<number>): number[] {
  const levels = Array.from(largest, (value) => (value === 0 ? -45 : portableLog(value) / Math.LN10));
  return levels.every((level) => level === -45) ? [] : levels;
}

function grew(
  levels: readonly number[],
  factor: number,
  { layer, row, cells }: { layer: number; row: number; cells: Cells },
): string[] {
  const last = levels.length - 1;
  const least = levels.lastIndexOf(Math.min(...levels));
  const passes = (level: number) => levels.findIndex((value, t) => t >= least && value > level);
  const square = passes(SQUARE_ENDS);
  return [
    `In layer ${layer}, row ${row}, the largest |cell| grew from ${power(cells.largest[least])} at timestep ${least} to ${power(cells.largest[last])} at timestep ${last}, in unit ${cells.unit}, by a factor of ${factor} a timestep at the end.`,
    ...(square < 0 ? [] : [`From timestep ${square} on its square was no float32 any more.`]),
  ];
}

function throughSentence(step: CapturedStep, through: readonly string[]): string[] {
  if (through.length === 0) return [];
  const values = through.map((pointer) => `${pointer} (${short(at(step, pointer))})`);
  return [`It grew through ${values.join(", ")}.`];
}

function siteIs({ site, operation }: Diagnosis, { case: testCase }: CapturedStep): string {
  if (site === null) return `${capital(operation)}.`;
  return `The first value that was not finite is ${siteSentence(site, testCase)}.`;
}

/** The entries of the kernel that make most of the grown unit's candidate out of the states before. */
function carriers(step: CapturedStep, layer: number, { unit, before }: Cells): string[] {
  const shape = layerShapes(step.case.model)[layer];
  const kernel = step.state.weights[layer]?.kernel;
  if (shape === undefined || kernel === undefined) return [];
  const column = gateColumn("candidate", unit, shape.units);
  const weights = Array.from(before, (hidden, k) => {
    const row = shape.inputs + k;
    const share = Math.abs(hidden * (kernel[row * gateColumns(shape.units) + column] ?? 0));
    return { pointer: `/case/init/weights/${layer}/kernel/${row}/${column}`, share };
  }).filter(({ share }) => share > 0);
  weights.sort((a, b) => b.share - a.share);
  const whole = weights.reduce((sum, { share }) => sum + share, 0);
  const named: string[] = [];
  for (let sum = 0; named.length < MOST_CARRIERS && sum < CARRIED * whole; ) {
    const weight = weights[named.length];
    if (weight === undefined) break;
    named.push(weight.pointer);
    sum += weight.share;
  }
  return named;
}

function at({ case: { model }, state }: CapturedStep, pointer: string): number {
  const [layer = 0, row = 0, column = 0] = (pointer.match(/\d+/g) ?? []).map(Number);
  const units = model.layers[layer]?.units ?? 0;
  return state.weights[layer]?.kernel[row * gateColumns(units) + column] ?? 0;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** 4.7e+38 as 4.7e38. */
function power(value = 0): string {
  return value.toExponential(1).replace("e+", "e");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
