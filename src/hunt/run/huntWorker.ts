import { UsageError } from "../../documents/errors.ts";
import type { Finding } from "../../findings/finding.ts";
import { findingStages, type Shrinking } from "../../findings/pipeline.ts";
import { askedInvariants } from "../../invariants/asked.ts";
import type { CaseRef } from "../../programs/generating.ts";
import type { Host } from "../../programs/program.ts";
import { openHost } from "../../programs/registry.ts";
import { runCase } from "./runCase.ts";
import type { HuntAnswer, HuntTask, RanCase, WorkerOrders } from "./tasks.ts";
import type { Serve } from "./workers/serve.ts";

/** Far past what a shrink takes; counted, not timed, so that the same death is the same fixture. */
const SHRINK_CANDIDATES = 20_000;

/** Lines of a person's traceback that are kept with a lost case. */
const DETAILS_KEPT = 12;

/** The longest description of the data that a fixture holds. */
const LONGEST_DATA = 1000;

/** Opens the worker's side of a hunt: runs cases, and makes fixtures of the ones that died. */
export async function openHuntWorker(first: unknown): Promise<Serve> {
  const orders = first as WorkerOrders;
  const invariants = await askedInvariants(orders.invariants);
  const host = { ...(await openHost(orders.host)), invariants };
  const { generation, remedies } = host.program;
  const cases = generation.cases(orders.space, orders.seed);
  const fix = orders.fix === null ? null : await remedies.find(orders.fix);
  // Mutants are made of cases without the fix, and given it once.
  const caseAt = async (ref: CaseRef) => (await fix?.apply(cases.at(ref))) ?? cases.at(ref);
  return async (message, beat): Promise<HuntAnswer> => {
    const task = message as HuntTask;
    try {
      if (task.kind === "run") {
        const start = performance.now();
        const testCase = await caseAt(task);
        const drawn = performance.now();
        const answer = await run(testCase, host, task, beat);
        return { ...answer, timing: { generate: since(start, drawn), run: since(drawn, performance.now()) } };
      }
      return await capture(await caseAt(task), orders, host, task, beat);
    } catch (error) {
      if (!(error instanceof UsageError)) return { kind: "failed", message: String(error) };
      const { message, hint, details } = error;
      const failed = { kind: "failed" as const, message: `${message}: ${hint}` };
      return details.length > 0 ? { ...failed, details: details.slice(-DETAILS_KEPT) } : failed;
    }
  };
}

/** Seconds to the microsecond. */
function since(start: number, end: number): number {
  return Math.round(1000 * (end - start)) / 1e6;
}

async function run(
  testCase: unknown,
  host: Host,
  task: HuntTask & { kind: "run" },
  beat: () => void,
): Promise<RanCase> {
  const { status, steps, work, heats, heat, ...rest } = await runCase(host, testCase, {
    rungs: task.rungs,
    beat,
  });
  const signature = "dead" in rest ? (rest.dead?.fatal.death.signature ?? null) : null;
  const rounded = (value: number) => Math.round(100 * value) / 100;
  return { kind: "ran", status, steps, work, heats: heats.map(rounded), heat: rounded(heat), signature };
}

async function capture(
  testCase: unknown,
  { seed, confirm, provenance }: WorkerOrders,
  host: Host,
  task: HuntTask & { kind: "capture" },
  beat: () => void,
): Promise<HuntAnswer> {
  const ran = await runCase(host, testCase, { rungs: [], beat });
  if (ran.status !== "died" || ran.dead === null) return { kind: "captured", findings: [] };
  const { nanproof, preset, domain } = provenance;
  const shrinking: Shrinking =
    task.shrink === "none"
      ? { kind: "none" }
      : { kind: "passes", budget: { candidates: SHRINK_CANDIDATES }, onProgress: beat };
  const stages = findingStages({
    host,
    captured: ran.dead.fatal.step,
    death: ran.dead.fatal.death,
    provenance: {
      nanproof,
      preset,
      // A domain may be a long path.
      data: `case ${task.index} of a hunt in domain ${domain}: ${ran.dead.description}`.slice(
        0,
        LONGEST_DATA,
      ),
      seed,
      step: ran.dead.step,
      run: testCase,
    },
    // Opened for a death only: it takes a while.
    others: async () => (isSame(confirm, host) ? [] : [await openHost(confirm)]),
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

function isSame(confirm: WorkerOrders["confirm"], { name }: Host): boolean {
  return confirm.kind === "engine" && confirm.engine === name;
}
