import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { afterFile, runMended } from "../src/exports/bundle/testing/afterStep.ts";
import {
  deathFile,
  deathFolder,
  deathProgram,
  KEPT_DEATHS,
  type KeptDeath,
} from "../src/exports/bundle/testing/deaths.ts";
import { keptBundle } from "../src/exports/bundle/testing/keptBundle.ts";

/**
 * Makes the deaths anew that the tests of bundles start from: each program is run to its death. It is needed when one of the
 * programs changes.
 *
 *   npm run build && npx tsx scripts/bundle-deaths.ts PYTHON [FRAMEWORK]
 *
 * PYTHON has PyTorch, TensorFlow with Keras, and JAX; .ci/python-programs makes one and prints its path.
 */
const [python = "python3", only] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "nanproof-deaths-"));

/** Runs a program to its death, and gives the folder of what that left. */
async function died(death: KeptDeath): Promise<string> {
  const path = deathProgram(death);
  const folder = join(scratch, death.framework);
  mkdirSync(folder);
  if (death.form === "script") {
    await execa(python, [path], { cwd: folder, reject: false, env: { PYTHONPATH: resolve("python") } });
    return join(folder, "nanproof-findings");
  }
  const other = path.endsWith(".py") ? ["--python", python] : [];
  const args = ["train", "--program", path, "--no-shrink", "--out", folder, ...other];
  await execa(process.execPath, [resolve("dist/cli/main.js"), ...args], { reject: false });
  return folder;
}

for (const death of KEPT_DEATHS.filter(({ framework }) => only === undefined || framework === only)) {
  const from = await died(death);
  const to = deathFolder(death.framework);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((one) => one.endsWith(".safetensors"))) {
    copyFileSync(join(from, name), join(to, name));
  }
  for (const name of readdirSync(from).filter((one) => one.endsWith(".json"))) {
    const document = JSON.parse(readFileSync(join(from, name), "utf8")) as { trace?: string };
    // A trace of a script holds the paths of this machine, and no bundle needs it.
    const kept = document.trace === undefined ? document : { ...document, trace: null };
    writeFileSync(join(to, name), `${JSON.stringify(kept, null, 2)}\n`);
    console.log(join(to, name));
  }
  const { parts } = await keptBundle(deathFile(death.framework), deathProgram(death));
  const after = await runMended(death, parts.step, python);
  mkdirSync(dirname(afterFile(death)), { recursive: true });
  writeFileSync(afterFile(death), `${JSON.stringify(after, null, 2)}\n`);
}
rmSync(scratch, { recursive: true, force: true });
