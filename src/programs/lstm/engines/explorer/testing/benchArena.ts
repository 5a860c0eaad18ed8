import { openData } from "../../../cases/data.ts";
import { initialState } from "../../../cases/state.ts";
import { benchCase } from "../../bench.ts";
import { Arena } from "../arena.ts";
import { instantiateKernels, type KernelModule, type Kernels } from "../kernels.ts";
import type { Products } from "../products/products.ts";
import { ExplorerTraining } from "../training.ts";

/** Three layers after a step of 4 rows and 3 timesteps, whose kernels are then called one by one. */
export function benchArena(
  module: KernelModule,
  products: Products,
  units = 16,
): { kernels: Kernels; arena: Arena } {
  const testCase = benchCase({ units, batch: 4, time: 3 });
  const kernels = instantiateKernels(module, products);
  const arena = new Arena(kernels, testCase.model, true, { packed: 12, rows: 4, time: 3, entries: 12 });
  const run = new ExplorerTraining(testCase, initialState(testCase), arena, () => {});
  run.step(openData(testCase, { folder: "." }).batch(0));
  return { kernels, arena };
}
