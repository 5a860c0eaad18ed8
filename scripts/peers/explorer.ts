/**
 * The explorer as a peer of time_peers.py, in a process of its own: reads requests from stdin, one line of JSON each, and answers on
 * stdout in the same way. NANPROOF_PRODUCTS says what computes its products.
 *
 *     {"method": "start", "arguments": [units, batch, time, clock]}   the milliseconds of the first step
 *     {"method": "turn", "arguments": [seconds]}                      those of the steps taken, and the processors kept busy
 */
import { createInterface } from "node:readline";
import type { Batch } from "../../src/programs/lstm/cases/batch.ts";
import { openData } from "../../src/programs/lstm/cases/data.ts";
import { initialState } from "../../src/programs/lstm/cases/state.ts";
import { benchCase } from "../../src/programs/lstm/engines/bench.ts";
import type { Training } from "../../src/programs/lstm/engines/engine.ts";
import { chosenProducts } from "../../src/programs/lstm/engines/explorer/products/products.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";

type Request =
  | { method: "start"; arguments: [units: number, batch: number, time: number, clock: string] }
  | { method: "turn"; arguments: [seconds: number] };

/** Steps that are timed as one: processor time is counted in microseconds only, and the shortest steps take forty. */
const LEAST_MS = 2;

const engine = await openEngine("explorer");
let run: { training: Training; data: Batch; now: () => number; together: number } | undefined;

const say = (answer: unknown) => process.stdout.write(`${JSON.stringify(answer)}\n`);
say(chosenProducts().name);
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request;
  say(request.method === "start" ? start(...request.arguments) : turn(...request.arguments));
}

function start(units: number, batch: number, time: number, clock: string): number {
  run?.training.dispose();
  const testCase = benchCase({ units, batch, time });
  const data = openData(testCase, { folder: "." }).batch(0);
  const now = clock === "process_time" ? processorMs : () => performance.now();
  const current = { training: engine.start(testCase, initialState(testCase)), data, now, together: 1 };
  run = current;
  const cold = timed(1);
  // The kernels are compiled anew in their first hundreds of calls.
  for (let i = 0; i < 3; i++) current.together = Math.max(1, Math.ceil(LEAST_MS / timed(current.together)));
  return cold;
}

function turn(seconds: number): [number[], number] {
  const [busy, begin] = [processorMs(), performance.now()];
  const steps: number[] = [];
  do steps.push(timed(run?.together ?? 1));
  while (performance.now() < begin + 1000 * seconds);
  return [steps, (processorMs() - busy) / (performance.now() - begin)];
}

/** Milliseconds a step, over `count` steps. */
function timed(count: number): number {
  if (run === undefined) throw new Error("start comes first");
  const { training, data, now } = run;
  const before = now();
  for (let i = 0; i < count; i++) training.step(data);
  return (now() - before) / count;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
