import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { UsageError } from "../../src/documents/errors.ts";
import { asksForProducts, planFrom, USAGE } from "./plan.ts";
import { CUDA, RELEASES } from "./releases.ts";

afterEach(() => vi.unstubAllEnvs());

describe("the plan of npm run native", () => {
  it("is the processor's variant, in the cache folder", () => {
    vi.stubEnv("XDG_CACHE_HOME", "/some/cache");
    const plan = planFrom([]);
    expect(plan).toMatchObject({ variant: "cpu", withCuda: false, release: RELEASES.cpu });
    expect(plan?.folder.startsWith("/some/cache/")).toBe(true);
    expect(plan?.packageFolder).toBe(join(plan?.folder ?? "", "node_modules", "@tensorflow/tfjs-node"));
  });

  it("of each variant has a folder of its own", () => {
    expect(planFrom(["--gpu"])?.folder).not.toBe(planFrom([])?.folder);
  });

  it("counts CUDA's wheels to what is fetched, and to the disk twice: as wheels and unpacked", () => {
    const [bare, cuda] = [planFrom(["--gpu"]), planFrom(["--gpu", "--with-cuda"])];
    const wheels = CUDA.wheels.reduce((sum, { megabytes }) => sum + megabytes, 0);
    expect(wheels).toBeGreaterThan(1000);
    expect((cuda?.megabytes.download ?? 0) - (bare?.megabytes.download ?? 0)).toBe(wheels);
    expect((cuda?.megabytes.disk ?? 0) - (bare?.megabytes.disk ?? 0)).toBe(wheels + CUDA.unpacked);
  });

  it("is none where only help is asked for", () => expect(planFrom(["--help"])).toBeNull());

  it.each([
    [["--with-cuda"], "--with-cuda is given without --gpu", "give --gpu as well"],
    [["--gpus"], "Unknown option '--gpus'", USAGE],
    [["gpu"], "Unexpected argument 'gpu'", USAGE],
  ])("refuses %j", (args, message, hint) => {
    expect(() => planFrom(args)).toThrow(expect.objectContaining({ message, hint }));
    expect(() => planFrom(args)).toThrow(UsageError);
  });
});

describe("--products", () => {
  it("asks for the explorer's products and for no engine", () => {
    expect(asksForProducts(["--products"])).toBe(true);
    expect(asksForProducts([])).toBe(false);
    expect(asksForProducts(["--gpu"])).toBe(false);
  });

  it("gives way to --help", () => expect(asksForProducts(["--products", "--help"])).toBe(false));

  it.each([["--gpu"], ["--with-cuda"]])("is wrong use with %s", (flag) => {
    expect(() => asksForProducts(["--products", flag])).toThrow(
      expect.objectContaining({ message: `--products is given with ${flag}`, code: "NANPROOF_E_USAGE" }),
    );
  });
});

it("every wheel is pinned by a sha256 of its own", () => {
  const wheels = [...Object.values(RELEASES).map(({ tensorflow }) => tensorflow), ...CUDA.wheels];
  for (const { sha256 } of wheels) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(wheels.map(({ sha256 }) => sha256)).size).toBe(wheels.length);
});
