import type { Alarmed } from "./alarm.ts";

/** A series of steps and what an alarm says of each, as `vectors.json` has it: the same in every language. */
export interface AlarmVector {
  name: string;
  steps: {
    step: number;
    /** Those that are not finite as texts. */
    magnitudes: Record<string, number | string>;
    /** True where the alarm begins at this step. */
    begins: boolean;
    /** Its message then, the level to nine digits; null while it is silent. */
    rings: Alarmed | null;
  }[];
}
