import type { ProgressEvent } from "../documents/progressEvent.ts";
import type { TimedProgress } from "./progress.ts";

const rounded = (value: number) => Math.round(1000 * value) / 1000;

/** The event that progress is. */
export function progressEvent(
  type: "progress" | "done",
  command: string,
  { head, tail, what, done, total, part, seconds, secondsLeft }: TimedProgress,
): ProgressEvent {
  return {
    ...{ type, schemaVersion: 1, command, what, done, total },
    part: part === null ? null : rounded(part),
    seconds: rounded(seconds),
    secondsLeft: secondsLeft === null ? null : rounded(secondsLeft),
    text: [head, tail].filter((words) => words !== "").join("  "),
  };
}
