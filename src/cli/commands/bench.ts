import { BENCH_SIZES, type BenchRow, type BenchSize, benchSize } from "../../programs/lstm/engines/bench.ts";
import { ENGINE_NAMES, type EngineName } from "../../programs/lstm/engines/engine.ts";
import { productsReport } from "../../programs/lstm/engines/explorer/products/report.ts";
import { engineIsInstalled, openEngine } from "../../programs/lstm/engines/open.ts";
import { benchJson, benchTable } from "../../programs/lstm/reporters/bench.ts";
import { productsWords } from "../../programs/lstm/reporters/products.ts";
import { command } from "../command.ts";
import { EXIT } from "../exitCodes.ts";
import type { Values } from "../flags/flag.ts";
import { listFlag, numberFlag } from "../flags/kinds.ts";
import { progressFlag } from "../flags/progressFlag.ts";
import { jsonFlag } from "../flags/shared.ts";
import { note, print, printJson } from "../output.ts";

const flags = {
  sizes: listFlag({
    description: "units x batch x timesteps: 16x4x8,64x4x8",
    defaultWords: "the published sizes",
    item: sizeOf,
    allowed: "sizes like 16x4x8,64x4x8",
  }),
  engines: listFlag({
    description: "engines to time",
    defaultWords: "all that are installed",
    item: (text) => ENGINE_NAMES.find((name) => name === text),
    allowed: `engines out of ${ENGINE_NAMES.join(", ")}`,
  }),
  seconds: numberFlag({
    description: "time for each size; slow engines may take more",
    default: 5,
    above: 0,
  }),
  progress: progressFlag,
  json: jsonFlag,
} as const;

/** `nanproof bench`: times a training step on each engine, side by side. */
export const benchCommand = command({
  name: "bench",
  description: "time a training step on each engine, side by side",
  exits: "0",
  example: "bench --sizes 16x4x8,64x4x8 --engines explorer,tfjs-wasm",
  flags,
  run: runBench,
});

async function runBench({ sizes, engines: names, seconds, json }: Values<typeof flags>): Promise<number> {
  const engines = [];
  for (const name of new Set(names ?? installedEngines())) engines.push(await openEngine(name));
  const products = engines.some(({ name }) => name === "explorer") ? productsReport() : null;
  if (products !== null && !json) print([`explorer: ${productsWords(products)}`]);
  const rows: BenchRow[] = [];
  for (const size of sizes ?? BENCH_SIZES) {
    note(`timing ${size.units} units x batch ${size.batch} x ${size.time} timesteps ...`);
    const measured = benchSize(engines, size, seconds);
    rows.push(...measured);
    if (!json) print(benchTable(measured));
  }
  if (json) printJson(benchJson(rows, products));
  return EXIT.ok;
}

/** The engines of this machine; what is left out is said. */
function installedEngines(): EngineName[] {
  return ENGINE_NAMES.filter((name) => {
    if (engineIsInstalled(name)) return true;
    note(`${name} is left out, since it is not installed; nanproof doctor says how to add it`);
    return false;
  });
}

/** 16x4x8: 16 units, batch 4, 8 timesteps. */
function sizeOf(text: string): BenchSize | undefined {
  const match = /^([1-9]\d{0,3})x([1-9]\d{0,3})x([1-9]\d{0,3})$/.exec(text);
  if (match === null) return undefined;
  const [units = 0, batch = 0, time = 0] = match.slice(1).map(Number);
  return units <= 2048 && batch <= 4096 && time <= 4096 ? { units, batch, time } : undefined;
}
