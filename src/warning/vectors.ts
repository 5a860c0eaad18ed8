import type { Alarmed } from "./alarm.ts";

/** A series of steps and what an alarm says of each, as `vectors.json` has it: the same in every language. */
export interface AlarmVector {
  name: string;
  steps: {
    step: number;
    /** Those that are not finite as texts. */
    magnitudes: Record<string, number | string>;
    /** Whether the alarm begins here. */
    begins: boolean;
    /** What it says then; the level to nine digits. */
    rings: Alarmed | null;
  }[];
}
