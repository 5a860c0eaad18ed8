import type { DataPlace } from "../../death.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** Where in its batch the data stands that a step died of: an input or target that was not finite, in a row or past its end. */
export function dataPlace({ mechanism, site }: Diagnosis): DataPlace | null {
  const isData = ["non-finite-input", "non-finite-target", "non-finite-padding"].includes(mechanism);
  if (!isData || site === null || site.timestep === null) return null;
  const { phase, row, timestep, unit: column } = site;
  return { tensor: phase === "forward" ? "input" : "target", row, timestep, column };
}
