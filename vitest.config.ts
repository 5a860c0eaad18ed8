import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take minutes, by their names: started last they would go on alone, on one core. */
const LONG = /pythonSuite|pythonExamples|examples\.test|commands\/hunt/;

/** Starts the files that take longest first. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "properties/**/*.property.test.ts", "scripts/**/*.test.ts"],
    // tfjs keeps its backend in module state, so each file gets a process of its own.
    pool: "forks",
    // All cores: by default vitest leaves one to itself, which on a machine of two halves the speed.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: process.env.CI ? ["default", ["json", { outputFile: ".ci/results.json" }]] : ["default"],
  },
});
