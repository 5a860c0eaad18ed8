import type { DataPlace } from "../../death.ts";
import type { Diagnosis } from "./diagnosis.ts";

/**
 * The place in the batch of the input or target that killed the step by not being finite, in a row or past its end; null
 * of any other death. Row, timestep and column count from 0.
 */
export function dataPlace({ mechanism, site }: Diagnosis): DataPlace | null {
  const isData = ["non-finite-input", "non-finite-target", "non-finite-padding"].includes(mechanism);
  if (!isData || site === null || site.timestep === null) return null;
  const { phase, row, timestep, unit: column } = site;
  return { tensor: phase === "forward" ? "input" : "target", row, timestep, column };
}
