import { defineConfig, mergeConfig } from "vitest/config";
import all from "./vitest.config.ts";

/** Tests that run what they test in their own process: in another one, Stryker can neither switch a mutant on nor see that it is reached. */
export default mergeConfig(
  all,
  defineConfig({
    test: {
      exclude: [
        "src/cli/{commands,testing}/**",
        "src/cli/!(nearest|paint|progress).test.ts",
        "src/hunt/hunt.test.ts",
        "src/hunt/resume/lock.test.ts",
        "src/hunt/run/workers/pool.test.ts",
        "src/exports/**",
        "src/training/**",
        "src/programs/testing/{badPrograms,examples,exampleTests,host,pythonExamples,script,pythonHost}*.test.ts",
        "src/programs/lstm/engines/**",
        "src/vitest/readmeExample.test.ts",
        "src/**/python*.test.ts",
        "properties/**",
        "scripts/**",
        ".stryker-tmp/**",
        "node_modules/**",
      ],
      env: { NANPROOF_SIMULATIONS: "4" },
    },
  }),
);
