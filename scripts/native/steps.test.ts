import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Plan, planFrom } from "./plan.ts";
import { stepsOf } from "./steps.ts";

const cache = mkdtempSync(join(tmpdir(), "nanproof-lane-"));
beforeEach(() => {
  vi.stubEnv("XDG_CACHE_HOME", cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

function plan(...args: string[]): Plan {
  const planned = planFrom(args);
  if (planned === null) throw new Error("no plan");
  return planned;
}

const done = (planned: Plan) => stepsOf(planned).map((step) => step.done);

function touch(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
}

describe("the steps of npm run native", () => {
  it("are all to be done at first, CUDA's only where it is asked for", () => {
    expect(done(plan())).toEqual([false, false, false]);
    expect(done(plan("--gpu"))).toEqual([false, false, false]);
    expect(done(plan("--gpu", "--with-cuda"))).toEqual([false, false, false, false]);
  });

  it("go on where a run was interrupted: each is left out once its last file is there", () => {
    const { folder, packageFolder } = plan("--gpu", "--with-cuda");
    const thenDone = (...path: string[]) => {
      touch(join(...path));
      return done(plan("--gpu", "--with-cuda"));
    };
    expect(thenDone(packageFolder, "package.json"), "npm was not through").toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(thenDone(folder, "package-lock.json")).toEqual([true, false, false, false]);
    expect(thenDone(packageFolder, "deps.part", "lib", "libtensorflow_cc.so.2"), "half unpacked").toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(thenDone(packageFolder, "deps", "lib", "libtensorflow_cc.so.2")).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(thenDone(packageFolder, "deps", "nvidia.part", "cudnn", "lib"), "half unpacked").toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(thenDone(packageFolder, "deps", "nvidia", "cudnn", "lib")).toEqual([true, true, true, false]);
    expect(thenDone(packageFolder, "lib", "napi-v8", "tfjs_binding.node")).toEqual([true, true, true, true]);
  });
});
