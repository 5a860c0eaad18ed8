import { UsageError } from "../documents/errors.ts";
import type { Finding } from "../findings/finding.ts";
import { findingStages, type Shrinking } from "../findings/pipeline.ts";
import { askedInvariants } from "../invariants/asked.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { fixNamed } from "../programs/lstm/fixes/fixes.ts";
import { loadFix } from "../programs/lstm/fixes/fixModule.ts";
import { caseMaker } from "../programs/lstm/generation/caseMaker.ts";
import type { Host } from "../programs/program.ts";
import { runCase } from "./runCase.ts";
import type { CaseRef, HuntAnswer, HuntTask, WorkerOrders } from "./tasks.ts";
import type { Serve } from "./workers/serve.ts";

/** Far past what a shrink takes; counted, not timed, so that the same death is the same fixture. */
const SHRINK_CANDIDATES = 20_000;

/** As much as a fixture holds of what was trained on. */
const LONGEST_DATA = 1000;

/** Opens the worker's side of a hunt: runs cases, and makes fixtures of the ones that died. */
export async function openHuntWorker(first: unknown): Promise<Serve> {
  const orders = first as WorkerOrders;
  const invariants = await askedInvariants(orders.invariants);
  const engine = { ...(await openEngine(orders.engine)), invariants };
  const make = caseMaker(orders.space);
  const { fix: name } = orders;
  const fix = name === null ? null : (fixNamed(name) ?? (await loadFix(name)));
  // Mutants are made of cases without the fix, and given it once.
  const caseAt = async (ref: CaseRef) => (await fix?.apply(make(ref))) ?? make(ref);
  return async (message, beat): Promise<HuntAnswer> => {
    const task = message as HuntTask;
    try {
      return task.kind === "run"
        ? await run(await caseAt(task), engine, task, beat)
        : await capture(await caseAt(task), orders, engine, task, beat);
    } catch (error) {
      const message = error instanceof UsageError ? `${error.message}: ${error.hint}` : String(error);
      return { kind: "failed", message };
    }
  };
}

async function run(
  testCase: unknown,
  host: Host,
  task: HuntTask & { kind: "run" },
  beat: () => void,
): Promise<HuntAnswer> {
  const { status, steps, work, heats, heat, ...rest } = await runCase(host, testCase, {
    rungs: task.rungs,
    beat,
  });
  const signature = "death" in rest ? (rest.death?.dying.death.signature ?? null) : null;
  const rounded = (value: number) => Math.round(100 * value) / 100;
  return { kind: "ran", status, steps, work, heats: heats.map(rounded), heat: rounded(heat), signature };
}

async function capture(
  testCase: TrainingCase,
  { space, confirm, provenance }: WorkerOrders,
  host: Host,
  task: HuntTask & { kind: "capture" },
  beat: () => void,
): Promise<HuntAnswer> {
  const ran = await runCase(host, testCase, { rungs: [], beat });
  if (ran.status !== "died" || ran.death === null) return { kind: "captured", findings: [] };
  const { nanproof, preset, domain } = provenance;
  const shrinking: Shrinking =
    task.shrink === "none"
      ? { kind: "none" }
      : { kind: "passes", budget: { candidates: SHRINK_CANDIDATES }, onProgress: beat };
  const stages = findingStages({
    host,
    captured: ran.death.dying.step,
    death: ran.death.dying.death,
    provenance: {
      nanproof,
      preset,
      // A domain may be a long path.
      data: `case ${task.index} of a hunt in domain ${domain}: ${ran.death.description}`.slice(
        0,
        LONGEST_DATA,
      ),
      seed: space.seed,
      step: ran.death.step,
      run: testCase,
    },
    // Loaded for the first death only: it takes about a second.
    others: async () => (host.name === confirm ? [] : [await openEngine(confirm)]),
    shrinking,
  });
  const findings: Finding[] = [];
  for await (const stage of stages) if (stage.kind === "done") findings.push(stage.finding);
  return {
    kind: "captured",
    findings: findings.map(({ fixture, binary }) => ({
      fixture,
      ...(binary && { binary: Buffer.from(binary).toString("base64") }),
    })),
  };
}
