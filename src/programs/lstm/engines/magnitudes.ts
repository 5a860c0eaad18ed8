import { GAUGES, gauge, type StepRecord } from "../../stepRecord.ts";
import type { OptimizerSpec } from "../cases/schema.ts";
import { ofLayers } from "./gauges.ts";

/** Magnitudes of a step that an alarm looks at, by the name that a person reads. Adam keeps the square of the gradient, which overflows before the gradient does. */
export function magnitudesOf(
  record: StepRecord,
  { kind }: Pick<OptimizerSpec, "kind">,
): Record<string, number> {
  const norm = gauge(record, GAUGES.rawGradientNorm);
  return {
    "max |cell|": Math.max(...ofLayers(record, "maxCell")),
    "max |output|": Math.max(...ofLayers(record, "maxHidden")),
    ...(kind === "adam" ? { "the squared gradient": norm * norm } : { "the gradient": norm }),
    "max |weight|": Math.max(...ofLayers(record, "maxWeight")),
  };
}
