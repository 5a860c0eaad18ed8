import type { Steps } from "./coroutine.ts";
import { observe } from "./observe.ts";
import { isTensor } from "./tfjs/engine.ts";
import { release, type Snapshot } from "./tfjs/parts.ts";
import { digestOf } from "./tfjs/state.ts";
import type { Training } from "./training.ts";

/** The result of running a step again. */
export interface Replayed {
  flaky: boolean;
  why: string | null;
}

/** Runs a step twice more from the state before it and compares the bits. The state is left as the last run made it. */
export function* replayTwice(
  training: Training,
  before: Snapshot,
  batch: readonly unknown[],
  digest: string,
): Steps<Replayed> {
  const digests: string[] = [];
  const draws = countDraws();
  let alive = false;
  try {
    for (let run = 0; run < 2; run++) {
      training.state.restore(before);
      const { result, dead } = yield* observe(training, batch);
      disposeResult(result);
      alive ||= dead === null;
      digests.push(digestNow(training));
    }
  } finally {
    draws.stop();
  }
  const flaky = digests.some((again) => again !== digest);
  if (!flaky) return { flaky, why: null };
  const same = alive ? "it did not die again" : "it died with other bits";
  if (draws.count > 0)
    return { flaky, why: `run again, ${same}: the step draws from Math.random, which is not seeded` };
  if (digests[0] === digests[1])
    return {
      flaky,
      why: `run again, ${same}: the step depends on state that watch was not given (see \`state\`)`,
    };
  return {
    flaky,
    why: `run again, ${same}, and differently each time: the step depends on more than its state and batch`,
  };
}

/** The digest of a training's state as it is. */
export function digestNow(training: Training): string {
  const now = training.state.take();
  try {
    return digestOf(now);
  } finally {
    release(now.values());
  }
}

/** Frees the loss that a step gave, where nobody will. */
export function disposeResult(result: unknown): void {
  for (const one of Array.isArray(result) ? result : [result])
    if (isTensor(one) && !one.isDisposed) one.dispose();
}

/** Counts what is drawn from Math.random, and changes nothing else about it. */
function countDraws(): { count: number; stop(): void } {
  const random = Math.random;
  const draws = { count: 0, stop: () => undefined as undefined };
  Math.random = () => {
    draws.count++;
    return random();
  };
  draws.stop = () => {
    Math.random = random;
  };
  return draws;
}
