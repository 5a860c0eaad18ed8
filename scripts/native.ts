/**
 * Makes the native engine, tfjs-node, on a machine that reaches only npm and PyPI. Run: npm run native.
 * Idempotent: what was done before is left alone, and a run that was interrupted goes on where it stood.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execaNode } from "execa";
import { UsageError } from "../src/cases/errors.ts";
import { LANE_MARKER, laneIsMade } from "../src/engines/tfjs/native/lane.ts";
import { lockLane } from "./native/lockFile.ts";
import { type Plan, planFrom, USAGE } from "./native/plan.ts";
import { lacking } from "./native/requirements.ts";
import { stepsOf } from "./native/steps.ts";

async function make(plan: Plan): Promise<void> {
  const { folder, variant, release, megabytes } = plan;
  const missing = stepsOf(plan).filter(({ done }) => !done);
  if (missing.length === 0 && laneIsMade(variant)) return console.log(`already made, in ${folder}`);
  const lacks = await lacking(plan);
  if (lacks.length > 0)
    throw new UsageError(
      "NANPROOF_E_NATIVE",
      `nothing was fetched, since this machine lacks\n${lacks.map(({ what, remedy }) => `  - ${what}: ${remedy}`).join("\n")}`,
      "then run this again",
    );
  const unlock = lockLane(folder);
  try {
    console.log(
      `making it in ${folder}: up to ${megabytes.download} MB to fetch, ${megabytes.disk} MB of disk`,
    );
    for (const { title, run } of missing) {
      const start = performance.now();
      console.log(`${title} ...`);
      await run(plan);
      console.log(`  ${((performance.now() - start) / 1000).toFixed(1)} s`);
    }
    const check = fileURLToPath(new URL("native/selfCheck.ts", import.meta.url));
    await execaNode(check, [variant], { stdout: "inherit", stderr: "inherit" });
    writeFileSync(
      join(folder, LANE_MARKER),
      `${JSON.stringify({ tensorflow: release.tensorflow }, null, 2)}\n`,
    );
    rmSync(plan.wheels, { recursive: true, force: true });
    console.log("made. npx nanproof doctor says what works; --engine tfjs-node takes it");
  } finally {
    unlock();
  }
}

try {
  const plan = planFrom(process.argv.slice(2));
  if (plan === null) console.log(USAGE);
  else await make(plan);
} catch (error) {
  const wrongUse = error instanceof UsageError;
  console.error(
    wrongUse
      ? `native: ${error.message}\n  ${error.hint}  [${error.code}]`
      : `native: ${(error as Error).message}\n  what is done stays: run this again to go on`,
  );
  process.exitCode = wrongUse ? 2 : 1;
}
