import type { Domain } from "../../programs/lstm/cases/domains.ts";

/** Small runs, of which about one in ten dies. */
export const deadly: Domain = {
  units: { min: 8, max: 8, each: "run" },
  rows: { min: 1, max: 2 },
  time: { min: 48, max: 64 },
  batches: { min: 1, max: 2 },
  steps: { min: 60, max: 60 },
  learningRate: { min: 0.1, max: 0.3 },
  layouts: ["none", "ragged"],
};
