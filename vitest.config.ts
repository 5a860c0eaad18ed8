import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "properties/**/*.property.test.ts", "scripts/**/*.test.ts"],
    // tfjs keeps its backend in module state, so each file gets a process of its own.
    pool: "forks",
    // All cores: by default vitest leaves one to itself, which on a machine of two halves the speed.
    maxWorkers: "100%",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: process.env.CI ? ["default", ["json", { outputFile: ".ci/results.json" }]] : ["default"],
  },
});
