import { holdBatch, leavesOf, releaseBatch } from "./batch.ts";
import type { Steps } from "./coroutine.ts";
import { die } from "./die.ts";
import type { KeptStep } from "./died.ts";
import { brokenRules } from "./invariants.ts";
import { observe } from "./observe.ts";
import type { Frame } from "./stack.ts";
import { StepAlarm } from "./stepAlarm.ts";
import { release } from "./tfjs/parts.ts";
import type { Training } from "./training.ts";
import type { WatchOptions } from "./watchTypes.ts";

/** A training in a person's own script. */
export interface Script {
  step(batch: readonly unknown[], call: () => Frame | null): Steps<unknown>;
}

/** Number of states that are kept: that before the step which runs, and that before the step before. */
const KEPT = 2;

/** Watches a training in a person's own process: keeps the last states, looks at every step, warns of overflow, and writes a death down. */
export function openScript(training: Training, options: WatchOptions): Script {
  const kept: KeptStep[] = [];
  const alarm = new StepAlarm(training, (line) => void process.stderr.write(`${line}\n`));
  let step = 0;
  // With `onDeath: "continue"` every step after a death is dead too. Only the first is written.
  let alive = true;
  return {
    *step(batch, call) {
      leavesOf(batch);
      step++;
      const now: KeptStep = { step, before: training.state.take(), batch: holdBatch(batch) };
      kept.push(now);
      if (kept.length > KEPT) forget(kept.shift());
      const observed = yield* observe(training, batch);
      const { loss, gauges, dead } = observed;
      const violated = brokenRules(training.invariants, { step, loss, gauges });
      const died = dead !== null || violated.length > 0;
      if (died && alive) yield* die({ training, options, kept: now, observed, violated, call: call() });
      if (!died) alarm.look(step, observed);
      alive = !died;
      return observed.result;
    },
  };
}

function forget(kept: KeptStep | undefined): void {
  if (kept === undefined) return;
  release(kept.before.values());
  releaseBatch(kept.batch);
}
