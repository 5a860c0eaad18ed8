import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { caseOf } from "../cli/flags/caseFlags.ts";
import { runNanproof } from "../cli/testing/nanproof.ts";
import { readFixture } from "../library/fixtures.ts";
import type { TrainEvent, TrainJob } from "./trainJob.ts";
import { runTrainJob } from "./trainRun.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-train-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const text = join(folder, "story.txt");
writeFileSync(
  text,
  "The cat sat on the mat and saw the dog. A dog ran to the cat and the cat ran to the mat.",
);

/** A run that dies at its third step or so. */
function dyingJob(out: string): TrainJob {
  const { testCase, folder: textFolder } = caseOf({
    text,
    units: [3],
    batch: 4,
    "learning-rate": 1000,
  } as Parameters<typeof caseOf>[0]);
  const run = {
    epochs: 100,
    invariants: [],
    engine: "explorer" as const,
    preset: "published" as const,
    seed: "1",
    stopEarly: false,
  };
  return { testCase, folder: textFolder, out: join(folder, out), shrink: true, tensorboard: null, ...run };
}

it("has a death on disk from the fatal step on, before its cause is looked for, and better and better", async () => {
  const kept: string[] = [];
  const tell = (event: TrainEvent) => {
    if (event.kind !== "kept") return;
    const path = event.report.captured?.fixture ?? "";
    expect(existsSync(path), path).toBe(true);
    expect(readFixture(path).fixture.expected.signature.split("/").join("-")).toBe(
      path
        .split("/")
        .at(-1)
        ?.replace(/-[0-9a-f]{12}\.json$/, ""),
    );
    kept.push(path);
  };
  const { captured } = await runTrainJob(dyingJob("found"), tell, { aborted: false });
  expect(kept[0]).toMatch(/\/backward-not-examined-relu-[0-9a-f]{12}\.json$/);
  expect(kept.length).toBeGreaterThan(2);
  for (const path of kept.slice(1)) expect(path).toContain("/forward-recurrence-overflow-relu-");
  expect(readdirSync(join(folder, "found"))).toEqual([captured?.fixture.split("/").at(-1)]);
});

it("leaves a step whose cause was not looked for as a fixture that replay --update completes", async () => {
  let first = "";
  const stop = new Error("stopped");
  const tell = (event: TrainEvent) => {
    if (event.kind !== "kept") return;
    first = event.report.captured?.fixture ?? "";
    throw stop;
  };
  await expect(runTrainJob(dyingJob("stopped"), tell, { aborted: false })).rejects.toBe(stop);
  const replay = (...args: string[]) => runNanproof(["replay", first, ...args]);
  expect((await replay()).stdout).toContain("forward/recurrence-overflow/relu");
  expect((await replay("--update")).exitCode).toBe(0);
  const { fixture } = readFixture(first);
  expect(fixture.expected).toMatchObject({
    signature: "forward/recurrence-overflow/relu",
    reproducesOn: ["explorer"],
  });
  expect(fixture.sentence).not.toContain("not looked for");
  expect((await replay()).exitCode).toBe(0);
});

it("keeps the death where another bug is met while it is made smaller", async () => {
  const [name = ""] = readdirSync("fixtures").filter((file) => file.includes("92253bf5a3fc"));
  const { case: testCase } = readFixture(join("fixtures", name)).fixture;
  const job = { ...dyingJob("with-slip"), testCase, epochs: null };
  const { captured } = await runTrainJob(job, () => {}, { aborted: false });
  const named = [captured, ...(captured?.slips ?? [])].map((written) => written?.fixture.split("/").at(-1));
  expect(named.length).toBeGreaterThan(1);
  expect(readdirSync(join(folder, "with-slip")).sort()).toEqual(named.sort());
});
