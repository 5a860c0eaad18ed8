import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { UsageError } from "../../src/documents/errors.ts";
import {
  NATIVE_PACKAGES,
  TFJS_NODE_VERSION,
} from "../../src/programs/lstm/engines/tfjs/native/nativeFolder.ts";
import type { Plan } from "./plan.ts";

/** The file that npm writes once everything is in place. */
export const LOCK_FILE = "package-lock.json";

/** Packages that are not installed here: nanproof replaces these stand-ins by its own as it loads. */
const STAND_INS = ["@tensorflow/tfjs", "@tensorflow/tfjs-core"];

/**
 * Installs the npm package with its dependencies, tfjs left out: nanproof brings it. npm's lock file is
 * the last thing that it writes.
 * @throws UsageError when the registry serves other bytes than those that were published.
 */
export async function takePackage({ folder, variant, release }: Plan): Promise<void> {
  const name = NATIVE_PACKAGES[variant];
  for (const standIn of STAND_INS) writeStandIn(join(folder, "stand-ins", standIn), standIn);
  const standIns = Object.fromEntries(STAND_INS.map((standIn) => [standIn, `file:./stand-ins/${standIn}`]));
  const manifest = {
    private: true,
    dependencies: { [name]: TFJS_NODE_VERSION, ...standIns },
    overrides: Object.fromEntries(STAND_INS.map((standIn) => [standIn, `$${standIn}`])),
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const flags = [
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--package-lock=true",
    "--install-links=false",
  ];
  await execa("npm", ["install", ...flags], { cwd: folder, stdout: 2, stderr: 2, stdin: "ignore" });
  const lockFile = join(folder, LOCK_FILE);
  const integrity = integrityOf(name, lockFile);
  if (integrity === release.integrity) return;
  rmSync(lockFile);
  rmSync(join(folder, "node_modules"), { recursive: true });
  throw new UsageError(
    "NANPROOF_E_NATIVE",
    `${name} ${TFJS_NODE_VERSION} comes with integrity ${integrity}, and was published with ${release.integrity}`,
    "see which registry npm config get registry names",
  );
}

function writeStandIn(place: string, name: string): void {
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "package.json"), JSON.stringify({ name, version: TFJS_NODE_VERSION }));
  writeFileSync(
    join(place, "index.js"),
    `throw new Error("${name} is nanproof's own here: load this package through nanproof");\n`,
  );
}

/** npm has compared what it unpacked with the integrity in its lock file. */
function integrityOf(name: string, lockFile: string): string | undefined {
  const lock = JSON.parse(readFileSync(lockFile, "utf8")) as {
    packages: Record<string, { integrity?: string }>;
  };
  return lock.packages[`node_modules/${name}`]?.integrity;
}
