import { GATES, type Gate, gateColumn } from "../cases/gates.ts";
import type { LossSpec } from "../cases/schema.ts";
import type { Mechanism } from "./mechanism.ts";
import type { Site } from "./site.ts";
import type { TraceGroup } from "./trace.ts";

/**
 * The way in which an overflow of the forward pass turned into NaN: three endings of one mechanism, no part of
 * the signature.
 *
 * - `pre-activation`: Infinity met Infinity of the other sign, or a weight of 0, in a product with
 *   the kernel;
 * - `closed-gate`: a gate of exactly 0 met an infinite cell or candidate;
 * - `saturated`: a layer above saturated, or a cell clip took it in, so loss and outputs stay
 *   finite, and NaN is made in the backward pass only.
 */
export type Ending = "pre-activation" | "closed-gate" | "saturated" | "other";

/** The first NaN of a step, with the group that holds it. */
export interface FirstNaN {
  site: Site;
  group: TraceGroup;
  /** True of a pre-activation in which an infinite value meets a weight of 0. */
  metZeroWeight: boolean;
}

/** A float32 sigmoid is exactly 0 below this: exp(88.73) is Infinity. */
const GATE_CLOSES = -88;

/** The operation that made the first NaN, `made`, where the first non-finite value is `first`. */
export function endingOf(
  { first, mechanism }: { first: Site; mechanism: Mechanism },
  made: FirstNaN,
  normalise: LossSpec["normalise"],
): { operation: string; ending: Ending } {
  const nan = made.site;
  const wasGiven = mechanism.startsWith("non-finite-") && first.phase !== "clip" && first.value === "NaN";
  if (wasGiven) return { operation: "none: it was given", ending: "other" };
  if (nan.phase === "forward") return forwardEnding(made);
  if (mechanism === "zero-over-zero") return { operation: "0 / 0", ending: "other" };
  if (mechanism === "zero-norm-division") return { operation: "0 / 0", ending: "other" };
  if (nan.phase === "normalise")
    return { operation: normalise.kind === "tensorflow" ? "0 * inf" : "inf / inf", ending: "other" };
  if (nan.phase === "backward" && first.phase === "forward")
    return { operation: "0 * inf", ending: mechanism === "discarded-step-overflow" ? "other" : "saturated" };
  if (nan.phase === "clip") return { operation: "clipping by a norm of inf", ending: "other" };
  if (nan.tensor.endsWith("SecondMoment")) return { operation: "inf - inf", ending: "other" };
  return { operation: "an operation on a non-finite value", ending: "other" };
}

function forwardEnding({ site: nan, group, metZeroWeight }: FirstNaN): { operation: string; ending: Ending } {
  if (nan.tensor === "preActivation")
    return { operation: metZeroWeight ? "0 * inf" : "inf - inf", ending: "pre-activation" };
  if (nan.tensor === "hidden") return { operation: "0 * inf", ending: "closed-gate" };
  if (nan.tensor !== "cell") return { operation: "an operation on a non-finite value", ending: "other" };
  const z = group.tensors.find(({ name }) => name === "preActivation");
  const of = (gate: Gate) =>
    z?.values[nan.row * z.columns + gateColumn(gate, nan.unit, z.columns / GATES.length)] ?? 0;
  const closed = of("input gate") < GATE_CLOSES || of("forget gate") < GATE_CLOSES;
  return closed
    ? { operation: "0 * inf", ending: "closed-gate" }
    : { operation: "inf - inf", ending: "other" };
}
