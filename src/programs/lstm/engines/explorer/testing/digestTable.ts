import { RunDigest } from "../../../../digest.ts";
import { isFatal } from "../../../../stepRecord.ts";
import type { Batch } from "../../../cases/batch.ts";
import type { OptimizerSpec } from "../../../cases/schema.ts";
import { stateArrays } from "../../../cases/state.ts";
import type { Engine } from "../../engine.ts";
import { explorerEngine } from "../engine.ts";
import { type DrawnCase, drawCase, type Settled } from "./cases.ts";

/**
 * The 50 cases of the table: small ragged ones; larger ones with rows of all lengths; exact ones with wide
 * layers, so that every tile and block boundary is crossed; dying ones, in the forward pass, in the
 * backward pass and in the update.
 */
function tableCases(): [string, DrawnCase][] {
  const cases: [string, Settled][] = [];
  const add = (name: string, count: number, settled: (i: number) => Settled) => {
    for (let i = 0; i < count; i++) cases.push([`${name}/${i}`, settled(i)]);
  };
  add("ragged", 16, () => ({}));
  add("uneven", 10, () => ({ size: 14 }));
  add("wide", 4, () => ({ size: 40, activations: ["relu", "tanh"] }));
  add("clipped-cells", 4, () => ({ cellClip: 0.4 }));
  add("dying", 16, (i) => ({
    weightScale: 2 + (i % 4),
    inputScale: 10 ** (22 + i),
    size: 20,
    activations: ["relu", "relu", i % 2 ? "tanh" : "relu"],
    optimizer: DEADLY,
  }));
  return cases.map(([name, settled]) => [name, drawCase(`digest/${name}`, settled)]);
}

/** Nothing that keeps a run alive. */
const DEADLY: OptimizerSpec = {
  kind: "adam",
  form: "tf1",
  learningRate: 0.3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clip: { kind: "none" },
  skipNonFinite: false,
};

/** The digest of each case's run, and the step of its death where it dies. */
export type DigestTable = Record<string, { digest: string; diesAt: number | null }>;

/** Runs all cases of the table. */
export function digestTable(engine: Engine = explorerEngine()): DigestTable {
  return Object.fromEntries(
    tableCases().map(([name, { testCase, state, batches }]) => {
      const run = engine.start(testCase, state);
      const digest = new RunDigest();
      let diesAt: number | null = null;
      for (let step = 0; step < testCase.steps && diesAt === null; step++) {
        const record = run.step(batches[step % batches.length] as Batch);
        digest.add(record);
        if (isFatal(record)) diesAt = record.step;
      }
      const closed = digest.close(stateArrays(run.previousState()), stateArrays(run.state()));
      run.dispose();
      return [name, { digest: closed, diesAt }];
    }),
  );
}
