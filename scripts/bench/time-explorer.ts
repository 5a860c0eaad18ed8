/**
 * Processor time that a step takes on the explorer and on tfjs-wasm, and how many times more the latter takes.
 *
 *     tsx scripts/bench/time-explorer.ts [--against tfjs-node | --alone] [units x batch x time ...]
 *
 * The two take turns of about 50 ms (at least one step). Processor time, where `nanproof bench` has the wall clock: on a machine
 * that others use too the wall clock counts their work as well, and favours whoever has the shorter step.
 */

import { parseArgs } from "node:util";
import { openData } from "../../src/programs/lstm/cases/data.ts";
import { initialState } from "../../src/programs/lstm/cases/state.ts";
import { benchCase } from "../../src/programs/lstm/engines/bench.ts";
import { ENGINE_NAMES } from "../../src/programs/lstm/engines/engine.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";

const TURNS = 25;
const TURN_MS = 50;

const { values, positionals: given } = parseArgs({
  options: { against: { type: "string", default: "tfjs-wasm" }, alone: { type: "boolean", default: false } },
  allowPositionals: true,
});
const other = ENGINE_NAMES.find((name) => name === values.against);
if (other === undefined)
  throw new Error(`--against is ${values.against}: give one of ${ENGINE_NAMES.join(", ")}`);
const engines = [await openEngine("explorer")];
if (!values.alone) engines.push(await openEngine(other));
for (const size of given.length > 0 ? given : ["16x4x8", "64x4x8", "400x4x8"]) {
  const [units = 16, batch = 4, time = 8] = size.split("x").map(Number);
  const testCase = benchCase({ units, batch, time });
  const data = openData(testCase, { folder: "." }).batch(0);
  const runs = engines.map((engine) => {
    const training = engine.start(testCase, initialState(testCase));
    const turn = (steps: number) => {
      const before = process.cpuUsage();
      for (let step = 0; step < steps; step++) training.step(data);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000 / steps;
    };
    turn(2);
    let steps = 1;
    // Twice, since the first hundreds of steps are slower: they compile.
    for (let warm = 0; warm < 2; warm++) steps = Math.max(1, Math.round(TURN_MS / turn(steps * 3)));
    return { name: engine.name, training, turn, steps };
  });
  const turns = Array.from({ length: TURNS }, () => runs.map(({ turn, steps }) => turn(steps)));
  const at = (values: number[], part: number) =>
    values.sort((a, b) => a - b)[Math.floor(part * (values.length - 1))] ?? 0;
  const figure = (values: number[]) => [0.5, 0.1, 0.9].map((part) => at(values, part).toPrecision(3));
  const text = ([median, low, high]: string[]) => `${median} (${low} to ${high})`;
  const parts = runs.map(({ name }, i) => `${name} ${text(figure(turns.map((times) => times[i] ?? 0)))} ms`);
  if (!values.alone)
    parts.push(`ratio ${text(figure(turns.map(([explorer = 0, tfjs = 0]) => tfjs / explorer)))}`);
  process.stdout.write(`${size}: ${parts.join(", ")}\n`);
  for (const { training } of runs) training.dispose();
}
