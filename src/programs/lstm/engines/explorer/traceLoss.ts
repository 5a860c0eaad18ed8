import { targetWidth } from "../../cases/shapes.ts";
import type { TraceTensor } from "../../diagnosis/trace.ts";
import { panelsOf } from "./arenaLayout.ts";
import { CODES } from "./planFields.ts";
import type { TraceReader, TraceSource } from "./traceReader.ts";

/**
 * The normalisation of one timestep of all rows, padding included, row by row through the step's own
 * kernels.
 */
export function normaliseTensors(source: TraceSource, reader: TraceReader, t: number): TraceTensor[] {
  const { testCase, batch, arena } = source;
  const spec = testCase.loss.normalise;
  const units = targetWidth(testCase.model);
  const tensor = (name: TraceTensor["name"], columns: number): TraceTensor => ({
    name,
    columns,
    values: new Float32Array(batch.rows * columns),
  });
  const target = tensor("target", units);
  const targetSquares = tensor("targetSumOfSquares", 1);
  const outputSquares = tensor("outputSumOfSquares", 1);
  const unitTarget = tensor("normalisedTarget", units);
  const unitOutput = tensor("normalisedOutput", units);
  const panels = panelsOf(units);
  const [from] = arena.fixed.scratch;
  const sumOfSquares = () => arena.kernels.dotRow(from, 32, from, 32, panels);
  for (let row = 0; row < batch.rows; row++) {
    const y = reader.target(row, t);
    target.values.set(y, row * units);
    unitTarget.values.set(normalised(source, y), row * units);
    targetSquares.values[row] = sumOfSquares();
    unitOutput.values.set(normalised(source, reader.output(row, t)), row * units);
    outputSquares.values[row] = sumOfSquares();
  }
  if (spec.kind === "safe") return [target, unitTarget, unitOutput];
  return [target, targetSquares, outputSquares, unitTarget, unitOutput];
}

/**
 * d loss / d output at timestep t, also where the row has ended: there the output is a constant 0, and
 * the select drops this gradient.
 *
 * @param inside The gradient as the step took it, [rows, units]; rows that have ended are written over.
 */
export function withPaddedGradient(
  source: TraceSource,
  reader: TraceReader,
  t: number,
  inside: TraceTensor,
): TraceTensor {
  const { batch, arena, testCase } = source;
  const units = inside.columns;
  const panels = panelsOf(units);
  const [zero, target, to] = arena.fixed.scratch;
  const { kind } = testCase.loss.normalise;
  for (let row = 0; row < batch.rows; row++) {
    if (t < (batch.lengths[row] ?? 0)) continue;
    normalised(source, reader.target(row, t));
    arena.view(zero, 8 * panels).fill(0);
    arena.kernels.normaliseGradientRow(
      CODES.normalise[kind],
      epsilonOf(source),
      zero,
      target,
      testCase.loss.padding === "masked" ? 0 : -1 / countOf(source),
      32,
      panels,
      to,
      topMask(source),
    );
    inside.values.set(arena.view(to, units), row * units);
  }
  return inside;
}

/** A row through the normalisation kernel: left in the first scratch row, its unit vector in the second. */
function normalised(source: TraceSource, values: Float32Array): Float32Array {
  const { arena, testCase } = source;
  const panels = panelsOf(values.length);
  const [from, to] = arena.fixed.scratch;
  arena
    .view(from, 8 * panels)
    .fill(0)
    .set(values);
  arena.kernels.normaliseRow(
    CODES.normalise[testCase.loss.normalise.kind],
    epsilonOf(source),
    from,
    32,
    panels,
    to,
    32,
    topMask(source),
  );
  return arena.view(to, values.length);
}

function epsilonOf({ testCase }: TraceSource): number {
  const spec = testCase.loss.normalise;
  return spec.kind === "epsilon" ? spec.epsilon : 0;
}

function topMask({ arena }: TraceSource): number {
  return arena.fixed.parameters.at(-1)?.mask ?? 0;
}

/** Distances that the mean is over when padding is counted. */
function countOf({ testCase, batch }: TraceSource): number {
  return batch.rows * (testCase.loss.axis === "time" ? targetWidth(testCase.model) : batch.time);
}
