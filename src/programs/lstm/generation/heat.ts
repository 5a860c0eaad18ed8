import { portableLog } from "../../../numerics/log.ts";
import { COLDEST, HOTTEST } from "../../generating.ts";
import type { StepRecord } from "../../stepRecord.ts";
import { ofLayers } from "../engines/gauges.ts";

/**
 * Nearness of a step to overflow: log10 of the largest |cell| of any layer, in [-40, 40]. Of all that a
 * step record holds it alone predicts a death (docs/hunt.md).
 */
export function heatOf(record: StepRecord): number {
  let largest = 0;
  for (const cell of ofLayers(record, "maxCell")) {
    if (!Number.isFinite(cell)) return HOTTEST;
    largest = Math.max(largest, cell);
  }
  return largest < 1e-40 ? COLDEST : portableLog(largest) / Math.LN10;
}
