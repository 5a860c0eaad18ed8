import type { TrainingCase } from "../../cases/schema.ts";
import { lstm } from "../../program.ts";
import type { Engine } from "../engine.ts";
import { Arena, checkSize } from "./arena.ts";
import type { Capacity } from "./arenaLayout.ts";
import { compileKernels, instantiateKernels, type KernelModule, type Kernels } from "./kernels.ts";
import { chosenProducts, type Products } from "./products/products.ts";
import { ExplorerTraining } from "./training.ts";

/** Instances with more memory than this are let go, not kept for the next run: a memory never shrinks. */
const KEPT_BYTES = 2 ** 28;

/** Version of the arithmetic: whatever changes a bit of any result changes it too. */
const VERSION = "1";

/**
 * The explorer: the whole training step in WebAssembly with SIMD, with the same bits on every machine.
 * Disposed runs hand their instance on, so that a process that runs many cases stays flat.
 * @param module What computes; the built kernels by default.
 * @param products What computes the matrix products; see {@link chosenProducts}.
 */
export function explorerEngine(
  module: KernelModule = compileKernels(),
  products: Products = chosenProducts(),
): Engine {
  const idle: Kernels[] = [];
  const arenaStart = () => {
    const kernels = idle.pop() ?? instantiateKernels(module);
    idle.push(kernels);
    return kernels.arenaStart();
  };
  return {
    name: "explorer",
    program: lstm,
    version: `explorer ${VERSION}`,
    check({ model, optimizer, ...rest }) {
      const capacity = caseCapacity(rest);
      checkSize(model, { hasMoments: optimizer.kind === "adam", capacity, start: arenaStart() });
    },
    start(testCase, state) {
      const kernels = idle.pop() ?? instantiateKernels(module, products);
      const release = () => {
        if (kernels.memory.buffer.byteLength <= KEPT_BYTES) idle.push(kernels);
      };
      try {
        const hasMoments = testCase.optimizer.kind === "adam";
        const arena = new Arena(kernels, testCase.model, hasMoments, caseCapacity(testCase));
        return new ExplorerTraining(testCase, state, arena, release);
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

/** The largest batch that a case names. */
function caseCapacity({ data }: Pick<TrainingCase, "data">): Capacity {
  const sizes =
    data.kind === "text"
      ? [{ rows: data.batch, time: data.maxLength }]
      : data.batches.map((batch) => ({
          rows: "rows" in batch ? batch.rows.length : batch.lengths.length,
          time: batch.time,
        }));
  const entries = Math.max(...sizes.map(({ rows, time }) => rows * time));
  return {
    packed: entries,
    rows: Math.max(...sizes.map(({ rows }) => rows)),
    time: Math.max(...sizes.map(({ time }) => time)),
    entries,
  };
}
