import { spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { TARGET_NAMES, type TargetName } from "../targets.ts";

/** True where this run of the tests uses the frameworks: they take gigabytes, and seconds to load. */
export const WITH_FRAMEWORKS = (process.env.NANPROOF_FRAMEWORKS ?? "") !== "";

/**
 * The Python that scripts are run with: the one that .ci/run names or, where it has made it, that of .ci/python-programs.
 */
export function testPython(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const folder = WITH_FRAMEWORKS ? "python-programs" : "python-core";
  const made = join(cache, "nanproof", folder, "bin", "python");
  return [process.env.NANPROOF_PYTHON, made, "python3"].find((python) => hasNumpy(python)) ?? "python3";
}

function hasNumpy(python: string | undefined): boolean {
  return python !== undefined && spawnSync(python, ["-c", "import numpy"]).status === 0;
}

/** Targets whose scripts can be run in this run of the tests. */
export function runnableTargets(): TargetName[] {
  const numpy = hasNumpy(testPython());
  // Where .ci/run says that there is one, its absence is no reason to skip.
  const required = process.env.NANPROOF_PYTHON !== undefined;
  return TARGET_NAMES.filter(
    (name) => name === "tfjs" || WITH_FRAMEWORKS || (name === "numpy" && (numpy || required)),
  );
}
