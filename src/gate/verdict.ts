import type { Diagnosis } from "../programs/death.ts";

/** The verdict of the gate on one fixture. */
export type GateVerdict =
  /** `by: "run"` where the step still dies, and its run lives because the program no longer makes that batch. */
  | { verdict: "held"; by?: "run" }
  /** Dies with the fix too. The signature is null where running the fatal step again did not show why. */
  | {
      verdict: "failed";
      signature: string | null;
      /** Of a person's program: the place where it dies today. */
      site?: Diagnosis["site"];
    }
  /** Does not die as it should without the fix, so it says nothing about it. */
  | { verdict: "stale"; why: string }
  | { verdict: "notJudged"; why: string };
