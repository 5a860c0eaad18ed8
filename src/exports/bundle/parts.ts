import type { Fixture } from "../../fixtures/schema.ts";
import type { ProgramStep } from "../../programs/process/step.ts";
import type { Framework } from "./frameworks.ts";
import { isPython, type LocalFiles } from "./localFiles.ts";

/** All that a bundle is made of. */
export interface BundleParts {
  fixture: Fixture;
  step: ProgramStep;
  files: LocalFiles;
  /** Null where neither a host nor the program's text names it. */
  framework: Framework | null;
  /** Versions of the packages that a JavaScript program imports, by name. */
  packages: Readonly<Record<string, string>>;
  /** True where the program is another file than the fixture was made with. */
  isOtherProgram: boolean;
  /** The result of a run of it, a sentence each; empty where none was tried. */
  verified: readonly string[];
}

/** The command that runs a bundle, typed in its folder. */
export function bundleCommand({ files }: Pick<BundleParts, "files">): string[] {
  return isPython(files) ? ["python", "reproduce.py"] : ["node", "reproduce.mjs"];
}

/** Words on a program whose text is not the one that a fixture was made with. */
export const OTHER_PROGRAM = "is not the file that the fixture was made with: it may die otherwise, or live";

/** The lines on a bundle in the comment of its runner and in its README. */
export function aboutBundle({ fixture, step, files, isOtherProgram, verified }: BundleParts): string[] {
  const { sentence = "" } = fixture;
  const expected: Fixture["expected"] & { flaky?: string } = fixture.expected;
  return [
    `${sentence} (${expected.signature}).`,
    `Step ${step.case.cutOutAt} of its run, the fatal one, from the state before it.`,
    ...(isOtherProgram ? [`${files.program.at(-1)} ${OTHER_PROGRAM}.`] : []),
    ...Object.values(expected.versions ?? {})
      .slice(0, 1)
      .map((versions) => `Died with ${versions}.`),
    ...(expected.flaky === undefined ? [] : [`Not the same at every run: ${expected.flaky}.`]),
    ...(verified.length > 0 ? verified : ["Not run yet in this form."]),
  ];
}

/** Threads that the framework had when the program died: how a sum is split among them is part of its bits. */
export function threadsOf({ provenance }: Fixture): number {
  const { threads = 1 } = provenance as { threads?: number };
  return threads;
}
