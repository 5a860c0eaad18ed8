import * as z from "zod";
import { readSaved, savedPath } from "../../documents/saved/savedState.ts";
import type { PendingDeath } from "../keep/keeper.ts";
import { type GuidedState, guidedStateSchema } from "../plan/guided.ts";
import type { StrategyName } from "../plan/strategy.ts";
import { type Tally, tallySchema } from "../tally.ts";

const count = z.int().min(0);

/** The progress of a hunt. */
export interface HuntProgress {
  /** Every case below this is booked, and none from it on. */
  next: number;
  tally: Tally;
  /** Deaths that were seen, and are neither kept nor left out yet, in the order of their cases. */
  pending: PendingDeath[];
  /** Names of the fixtures that were to be written next; some of them may be in the folder already. */
  writing: string[];
  /** The state of the strategy; null for one that learns nothing. */
  strategy: GuidedState | null;
}

const progressSchema = (caseSchema: z.ZodType): z.ZodType<HuntProgress> =>
  z
    .strictObject({
      next: count,
      tally: tallySchema,
      pending: z.array(
        z.strictObject({
          ref: z.strictObject({ index: count, parent: caseSchema.nullable() }),
          signature: z.string().regex(/^[a-z]+\/[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/),
        }),
      ),
      writing: z.array(z.string()),
      strategy: guidedStateSchema(caseSchema).nullable(),
    })
    .superRefine(({ next, tally, pending, strategy }, context) => {
      const report = (path: (string | number)[], message: string) =>
        context.addIssue({ code: "custom", path, message });
      if (tally.cases !== next) report(["next"], `is ${next} where tally.cases is ${tally.cases}`);
      if (strategy !== null && strategy.learned !== next)
        report(["strategy", "learned"], `is ${strategy.learned} where next is ${next}`);
      pending.forEach(({ ref: { index } }, i) => {
        if (index >= next || index <= (pending[i - 1]?.ref.index ?? -1))
          report(
            ["pending", i, "ref", "index"],
            `is ${index}: these are cases below next, each after the one before`,
          );
      });
    });

/** The file of a hunt's progress; what depends on other settings has another file, so that no other hunt goes on from it. */
export function progressPath(folder: string, what: unknown): string {
  return savedPath(folder, "hunt", what);
}

/**
 * Reads the progress that a hunt wrote to this file; null where there is none.
 * @throws UsageError when the file is not what a hunt with such a strategy wrote.
 */
export function readProgress(
  path: string,
  strategy: StrategyName,
  caseSchema: z.ZodType,
): HuntProgress | null {
  const learns = strategy === "guided";
  const schema = progressSchema(caseSchema).refine((progress) => (progress.strategy !== null) === learns, {
    path: ["strategy"],
    message: `is not that of a hunt with --strategy ${strategy}`,
  });
  return readSaved(path, schema);
}
