/**
 * Makes the native engine, tfjs-node, on a machine that reaches only npm and PyPI. Run: npm run native. With --products it compiles
 * the explorer's matrix products instead, and fetches nothing.
 * Idempotent: what was done before is left alone, and a run that was interrupted goes on where it stopped.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execaNode } from "execa";
import { UsageError } from "../src/documents/errors.ts";
import {
  MADE_MARKER,
  nativeIsMade,
  type Variant,
} from "../src/programs/lstm/engines/tfjs/native/nativeFolder.ts";
import { lockFolder } from "./native/lockFile.ts";
import { makeProducts } from "./native/makeProducts.ts";
import { asksForProducts, type Plan, planFrom, USAGE } from "./native/plan.ts";
import { lacking } from "./native/requirements.ts";
import { stepsOf } from "./native/steps.ts";

async function make(plan: Plan): Promise<void> {
  const { folder, variant } = plan;
  if (nativeIsMade(variant) && stepsOf(plan).every(({ done }) => done)) {
    if (await loads(variant)) return console.log(`already made, in ${folder}`);
    console.log("it was made before and does not load: making it anew");
    rmSync(folder, { recursive: true });
  }
  await refuseIfLacking(plan);
  const unlock = lockFolder(folder);
  try {
    await makeIn(plan);
  } finally {
    unlock();
  }
}

async function makeIn(plan: Plan): Promise<void> {
  const { folder, variant, release, megabytes, wheels } = plan;
  console.log(
    `making it in ${folder}: up to ${megabytes.download} MB to fetch, ${megabytes.disk} MB of disk`,
  );
  for (const { title, run, done } of stepsOf(plan)) {
    if (done) continue;
    const start = performance.now();
    console.log(`${title} ...`);
    await run(plan);
    console.log(`  ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  if (!(await loads(variant))) throw new Error("it is built and does not load: see above");
  writeFileSync(
    join(folder, MADE_MARKER),
    `${JSON.stringify({ tensorflow: release.tensorflow }, null, 2)}\n`,
  );
  rmSync(wheels, { recursive: true, force: true });
  console.log("made. npx nanproof doctor says what works; --engine tfjs-node takes it");
}

/** True where the package that was made loads and multiplies, in a process of its own. */
async function loads(variant: Variant): Promise<boolean> {
  const check = fileURLToPath(new URL("native/selfCheck.ts", import.meta.url));
  const { failed } = await execaNode(check, [variant], {
    stdout: "inherit",
    stderr: "inherit",
    reject: false,
  });
  return !failed;
}

async function refuseIfLacking(plan: Plan): Promise<void> {
  const lacks = await lacking(plan);
  if (lacks.length === 0) return;
  const list = lacks.map(({ what, remedy }) => `  - ${what}: ${remedy}`);
  throw new UsageError(
    "NANPROOF_E_NATIVE",
    `nothing was fetched, since this machine lacks\n${list.join("\n")}`,
    "then run this again",
  );
}

try {
  const args = process.argv.slice(2);
  const plan = asksForProducts(args) ? "products" : planFrom(args);
  if (plan === null) console.log(USAGE);
  else if (plan === "products") await makeProducts();
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
