import { resolve } from "node:path";
import { readFixture } from "../../../fixtures/store.ts";
import { fixtureStep } from "../fixtureStep.ts";
import { guessedFramework } from "../frameworks.ts";
import { localFiles } from "../localFiles.ts";
import { type FoundPackage, findPackages, versionsOf } from "../packages.ts";
import type { BundleParts } from "../parts.ts";

/** The parts of the bundle of a fixture of a step, with nothing run, and the packages that its program imports. */
export async function keptBundle(
  fixture: string,
  program: string,
): Promise<{ parts: BundleParts; packages: FoundPackage[] }> {
  const stored = readFixture(fixture);
  const files = await localFiles(program, []);
  const packages = findPackages(resolve(program), files.packages);
  const step = await fixtureStep(stored, () => Promise.reject(new Error("a fixture of a step needs no run")));
  const parts: BundleParts = {
    ...{ fixture: stored.fixture, step, files },
    framework: guessedFramework(files),
    packages: versionsOf(packages),
    isOtherProgram: false,
    verified: [],
  };
  return { parts, packages };
}
