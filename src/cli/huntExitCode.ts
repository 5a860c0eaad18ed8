import type { HuntReport } from "../hunt/hunt.ts";
import { EXIT } from "./exitCodes.ts";

/** The exit code of a hunt that came to its end. */
export function huntExitCode({ failures, status, tally }: HuntReport): number {
  if (failures.some(({ confirmed }) => confirmed)) return EXIT.violated;
  const doubtful = failures.length > 0 || tally.deaths > 0 || tally.lost.length > 0 || tally.cases === 0;
  return doubtful || status === "no-workers" ? EXIT.inconclusive : EXIT.ok;
}
