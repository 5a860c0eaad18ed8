import type { ProgramCase } from "../../../src/programs/process/case.ts";
import { ProgramError } from "../../../src/programs/process/errors.ts";
import type { ProgramHost } from "../../../src/programs/process/program.ts";
import { GAUGES, gauge, isFatal, type StepRecord } from "../../../src/programs/stepRecord.ts";
import type { Look, WatchedRun } from "./watchedRun.ts";

/** A run that lives ten times its steps is healthy, and looked at for its steps. */
const TIMES = 10;
/** Steps between two looks at the weights, as `watch` has it; in Python at loss and gradients too. */
const CLOSELY_EVERY = 10;
const [LOSS, SQUARES, GRADIENT, WEIGHTS] = [
  "the loss",
  "the squared gradient",
  "the gradient",
  "max |weight|",
] as const;
/** Gauges that are no gauge of the program's own. */
const COMMON: readonly string[] = [GAUGES.appliedGradientNorm, GAUGES.rawGradientNorm, "weight", "update"];

/**
 * Runs a case of a program to its death, or ten times as long as it says, and looks at what `watch` shows the alarm.
 * @param keepsSquares True where its optimizer keeps squares of gradients: they pass float32 before the gradients do.
 * @returns Null where the program refuses the case, or dies without a name.
 */
export async function watchProgram(
  host: ProgramHost,
  testCase: ProgramCase,
  { keepsSquares }: { keepsSquares: boolean },
): Promise<WatchedRun | null> {
  const isEveryStep = host.hosting.ready.host === "javascript";
  const long = { ...testCase, steps: TIMES * testCase.steps };
  const looks: Look[] = [];
  try {
    const session = await host.program.open(host, long, { folder: "." });
    for (;;) {
      const record = await session.step();
      if (record === null) return { looks: looks.slice(0, testCase.steps), death: null };
      if (isFatal(record)) {
        const mechanism = (await session.diagnose())?.mechanism ?? "unknown";
        return { looks, death: { step: record.step, mechanism } };
      }
      looks.push(lookAt(record, { keepsSquares, isClose: isEveryStep || record.step % CLOSELY_EVERY === 0 }));
    }
  } catch (error) {
    if (error instanceof ProgramError) return null;
    throw error;
  }
}

function lookAt(
  record: StepRecord,
  { keepsSquares, isClose }: { keepsSquares: boolean; isClose: boolean },
): Look {
  const { gauges, step, loss } = record;
  const own = Object.entries(gauges).filter(([name]) => !COMMON.includes(name));
  const norm = gauge(record, GAUGES.appliedGradientNorm);
  const { weight = 0, update = 0 } = gauges;
  return {
    magnitudes: {
      ...Object.fromEntries(own),
      ...(isClose ? { [LOSS]: loss } : {}),
      ...(!isClose || Number.isNaN(norm)
        ? {}
        : keepsSquares
          ? { [SQUARES]: norm ** 2 }
          : { [GRADIENT]: norm }),
      ...(step % CLOSELY_EVERY === 0 && { [WEIGHTS]: weight }),
    },
    loss,
    gradientNorm: norm,
    updateRatio: update / weight,
    largestWeight: weight,
  };
}

/** The run as the alarm would see it if the program reported no gauge of its own. */
export function withoutGauges({ looks, death }: WatchedRun): WatchedRun {
  const kept: readonly string[] = [LOSS, SQUARES, GRADIENT, WEIGHTS];
  const seen = (look: Look): Look => ({
    ...look,
    magnitudes: Object.fromEntries(Object.entries(look.magnitudes).filter(([name]) => kept.includes(name))),
  });
  return { looks: looks.map(seen), death };
}
