import type { Gauges } from "../client/gauges.ts";
import type { ProgramInvariant } from "../client/invariants.ts";
import { brokenRules } from "../client/invariants.ts";
import type { Observed } from "../client/observe.ts";
import type { HostedTraining } from "../client/seam.ts";
import { largestDifference, largestMagnitude } from "../client/tfjs/look.ts";
import { bytesOf, view } from "../client/tfjs/numbers.ts";
import { partNumbers, type Snapshot } from "../client/tfjs/parts.ts";
import { partName } from "../client/tfjs/variables.ts";
import type { HostRecord } from "../protocol.ts";

/** The record of a step: how it ended, and how large everything was. */
export function recordOf(
  { training, invariants }: HostedTraining,
  more: readonly ProgramInvariant[],
  step: number,
  before: Snapshot,
  observed: Observed,
  rawGradient: number | null,
): HostRecord {
  const { loss, dead, gradients } = observed;
  const weights = training.variables.filter(({ trained }) => trained);
  const changes = weights.map((named) => ({
    name: partName(named),
    ...changeOf(named.variable, before, partName(named)),
  }));
  const gauges: Gauges = {
    weight: largest(weights.map(({ variable }) => largestMagnitude(variable))),
    update: largest(changes.map(({ update }) => update)),
    ...(gradients.length > 0
      ? { gradient: Math.sqrt(sum(gradients.map(({ sumOfSquares }) => sumOfSquares))) }
      : {}),
    ...(rawGradient === null ? {} : { rawGradient }),
    ...observed.gauges,
  };
  const violated = brokenRules([...more, ...invariants], { step, loss, gauges });
  const zeroGradients = gradients.filter(({ sumOfSquares }) => sumOfSquares === 0).map(({ name }) => name);
  const frozen = changes.filter(({ same }) => same).map(({ name }) => name);
  return {
    step,
    loss,
    dead,
    skipped: false,
    gauges,
    ...(zeroGradients.length > 0 ? { zeroGradients } : {}),
    ...(frozen.length > 0 ? { frozen } : {}),
    ...(violated.length > 0 ? { violated } : {}),
  } as HostRecord;
}

function changeOf(variable: Parameters<typeof view>[0], before: Snapshot, name: string) {
  const part = before.get(name);
  if (part === undefined) return { update: 0, same: false };
  const old = partNumbers(part);
  const now = view(variable).length === 0 ? old : (Float32Array.from(view(variable)) as typeof old);
  return { update: largestDifference(old, now), same: Buffer.compare(bytesOf(old), bytesOf(now)) === 0 };
}

/** The largest, or NaN where one is NaN. */
function largest(values: readonly number[]): number {
  return values.reduce((most, value) => (Number.isNaN(value) || value > most ? value : most), 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
