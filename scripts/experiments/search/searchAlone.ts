import type { Strategy } from "../../../src/hunt/plan/strategy.ts";
import { runCase } from "../../../src/hunt/run/runCase.ts";
import type { TrainingCase } from "../../../src/programs/lstm/cases/schema.ts";
import type { Engine } from "../../../src/programs/lstm/engines/engine.ts";
import type { CaseSpace } from "../../../src/programs/lstm/generation/caseMaker.ts";
import { caseMaker } from "../../../src/programs/lstm/generation/caseMaker.ts";

/** The effort and the deaths of a search. */
export interface Searched {
  cases: number;
  steps: number;
  /** Steps x rows x timesteps x parameters. */
  work: number;
  /** Each death: its signature, the activations of its layers, and the steps that the search took before that case. */
  deaths: { signature: string; stack: string; after: number }[];
  /** The largest heat of a case that lived. */
  hottest: number;
}

/** Searches in this process, as a hunt with one worker does, until `enough`. */
export async function searchAlone(
  engine: Engine,
  strategy: Strategy,
  space: CaseSpace,
  enough: (searched: Searched) => boolean,
): Promise<Searched> {
  const caseAt = caseMaker(space);
  const searched: Searched = { cases: 0, steps: 0, work: 0, deaths: [], hottest: Number.NEGATIVE_INFINITY };
  for (let index = 0; !enough(searched); index++) {
    const plan = strategy.plan(index);
    if (plan === null) throw new Error("a strategy plans ahead of one worker");
    const ref = { index, parent: plan.parent as TrainingCase | null };
    const testCase = caseAt(ref);
    const run = await runCase(engine, testCase, { rungs: plan.rungs, beat: () => {} });
    const signature = run.status === "died" ? (run.dead?.fatal.death.signature ?? "unexplained") : null;
    const { status, steps, work, heats, heat } = run;
    strategy.learn(ref, { kind: "ran", status, steps, work, heats, heat, signature });
    const stack = testCase.model.layers.map(({ activation }) => activation).join(",");
    if (signature === null) searched.hottest = Math.max(searched.hottest, heat);
    else searched.deaths.push({ signature, stack, after: searched.steps });
    searched.cases += 1;
    searched.steps += steps;
    searched.work += work;
  }
  return searched;
}
