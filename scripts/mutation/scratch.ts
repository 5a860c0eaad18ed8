import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { BaseSequencer, createVitest, type TestSpecification, type Vitest } from "vitest/node";
import { compile } from "../compile-kernels.ts";
import { broken, type Mutant } from "./mutant.ts";
import { LEFT_OUT } from "./suites.ts";

const COPIED = ["src", "fixtures", "package.json", "tsconfig.json", "vitest.config.ts", "dist"];
const KERNELS = "dist/engines/explorer/explorer.wasm";

/** Test files as they are given; vitest would begin with those that failed last. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files;
  }
}

/** A copy of the sources in which one mutant at a time is tested, by a vitest that stays open. */
export class Scratch {
  readonly #folder: string;
  readonly #vitest: Vitest;

  private constructor(folder: string, vitest: Vitest) {
    this.#folder = folder;
    this.#vitest = vitest;
  }

  /** Copies the sources into an empty folder and builds their kernels. */
  static async open(folder: string): Promise<Scratch> {
    for (const name of COPIED) cpSync(name, join(folder, name), { recursive: true });
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    await compile(join(folder, KERNELS), {}, "quick");
    const vitest = await createVitest("test", {
      root: folder,
      watch: false,
      // One process for all files, in their order, and one failure is enough.
      maxWorkers: 1,
      isolate: false,
      fileParallelism: false,
      sequence: { sequencer: InOrder },
      bail: 1,
      reporters: [{}],
      testNamePattern: `^(?!.*${LEFT_OUT})`,
    });
    return new Scratch(folder, vitest);
  }

  /** Breaks a source, runs test files until one notices, and mends it again; null where none does. */
  async noticedBy(mutant: Mutant, suites: readonly string[]): Promise<string | null> {
    const path = join(this.#folder, mutant.file);
    const kernels = join(this.#folder, KERNELS);
    const [text, built] = [readFileSync(path, "utf8"), readFileSync(kernels)];
    const changed = broken(text, mutant);
    try {
      if (mutant.file.includes("/assembly/")) await compile(kernels, { [mutant.file]: changed }, "quick");
      else this.#write(path, changed);
      return await this.firstFailure(suites);
    } finally {
      this.#write(path, text);
      writeFileSync(kernels, built);
    }
  }

  /** The first test that fails, with its file; null where all hold. */
  async firstFailure(suites: readonly string[]): Promise<string | null> {
    const paths = suites.map((suite) => join(this.#folder, suite));
    const specifications = await this.#vitest.globTestSpecifications(paths);
    if (specifications.length !== suites.length)
      throw new Error(`not all of these are test files: ${suites}`);
    const inOrder = paths.flatMap((path) => specifications.filter(({ moduleId }) => moduleId === path));
    const { testModules } = await this.#vitest.runTestSpecifications(inOrder);
    for (const [i, suite] of suites.entries()) {
      const module = testModules.find(({ moduleId }) => moduleId === paths[i]);
      const [failed] = module?.children.allTests("failed") ?? [];
      if (failed) return `${suite}: ${failed.fullName}`;
      if (!module?.ok()) return `${suite}: cannot be run`;
    }
    return null;
  }

  #write(path: string, text: string): void {
    writeFileSync(path, text);
    this.#vitest.invalidateFile(path);
  }
}
