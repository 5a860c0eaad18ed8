import type { Phase } from "../trace/trace.ts";
import type { Mechanism } from "./words.ts";

/** The place in a program's step at which a number stopped being finite. A field that does not apply, or is not known, is null. */
export interface ProgramSite {
  phase: Phase;
  mechanism: Mechanism;
  operation: string;
  file: string | null;
  line: number | null;
  /** The owner of the line: the operation, the forward operation of a gradient, the making of a layer, or the call of `step`. */
  lineOf: "operation" | "forward" | "layer" | "call" | null;
  execution: number;
  timestep: number | null;
  layer: string | null;
  /** The tensor that was not finite before the step, or the result of the update that is not after it. */
  tensor: string | null;
  /** The first bad number: of that tensor where one was bad before the step, else of the operation's output. */
  index: number[] | null;
}
