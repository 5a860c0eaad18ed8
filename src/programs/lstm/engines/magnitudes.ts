import { GAUGES, gauge, type StepRecord } from "../../stepRecord.ts";
import { ofLayers } from "./gauges.ts";

/** Norms are added up in float64, so that the square of one is finite where float32's is not. */
const square = (value: number) => value * value;

/** What an alarm looks at in a step, by the name that a person reads; the square of a gradient is what Adam keeps. */
export function magnitudesOf(record: StepRecord): Record<string, number> {
  const norm = gauge(record, GAUGES.rawGradientNorm);
  return {
    "max |cell|": Math.max(...ofLayers(record, "maxCell")),
    "max |output|": Math.max(...ofLayers(record, "maxHidden")),
    "the squared gradient": square(norm),
    "max |weight|": Math.max(...ofLayers(record, "maxWeight")),
  };
}
