import type { Diagnosis } from "../programs/death.ts";

/** The verdict of the gate on one fixture. */
export type GateVerdict =
  /** `by: "run"` where the step still dies, and its run lives: it makes another batch there, or the step now dies of something else. */
  | { kind: "held"; by?: "run" }
  /** Dies with the fix too. The signature is null where running the fatal step again did not show why. */
  | {
      kind: "failed";
      signature: string | null;
      /** Of a person's program: the place where it dies today. */
      site?: Diagnosis["site"];
    }
  /** Does not die as it should without the fix, so it says nothing about it. */
  | { kind: "stale"; why: string }
  | { kind: "notJudged"; why: string };
