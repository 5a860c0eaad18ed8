import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readFixture } from "../fixtures/store.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { checkedDeath } from "./checkedDeath.ts";
import { reproductionOf } from "./fromFixture.ts";
import { rendered } from "./render.ts";
import { type Reproduction, scaled } from "./reproduction.ts";
import { runScripts } from "./runScripts.ts";
import { factsOf, otherDeath } from "./scriptRun.ts";
import { TARGETS } from "./targets.ts";
import { runnableTargets, testPython } from "./testing/pythons.ts";
import { verdictText, verify } from "./verify.ts";

const runner = { python: testPython() };

async function committed(id: string): Promise<Reproduction> {
  const [name = ""] = readdirSync("fixtures").filter((file) => file.includes(id));
  return reproductionOf(await checkedDeath(readFixture(`fixtures/${name}`), await openEngine("explorer")));
}

/** The reproduction with its weights as large as they may be where it lives in numpy, to 1 in 20,000. */
async function barelyAlive(reproduction: Reproduction): Promise<Reproduction> {
  const candidates = Array.from({ length: 600 }, (_, k) => scaled(reproduction, 1 - k * 5e-5));
  const scripts = candidates.map((candidate) => rendered(candidate, TARGETS.numpy));
  const { runs } = await runScripts(TARGETS.numpy, scripts, runner, ({ exitCode }) => exitCode === 0);
  const found = candidates[runs.length - 1];
  if (found === undefined || runs.at(-1)?.exitCode !== 0) throw new Error("all of them die");
  return found;
}

describe.skipIf(!runnableTargets().includes("numpy"))(
  "verifying a script (with a Python that has numpy)",
  () => {
    it("nudges the weights where it lives, until it dies", { timeout: 300_000 }, async () => {
      const alive = await barelyAlive(await committed("92253bf5a3fc"));
      const { verdict, versions, reproduction } = await verify(alive, TARGETS.numpy, runner);
      expect(verdict).toMatchObject({
        kind: "dies",
        factor: expect.toSatisfy((factor) => factor > 1 && factor <= 1.0001),
      });
      const [told] = reproduction.verified;
      expect(told).toMatch(
        /^Verified: dies so with numpy .*, with the fixture's weights times 1\.\d+; with them as they are it does not\.$/,
      );
      const { runs } = await runScripts(TARGETS.numpy, [rendered(reproduction, TARGETS.numpy)], runner);
      expect(runs[0]?.exitCode).toBe(1);
      expect(versions.join()).toMatch(/numpy .*Python /);
    });

    it("says that it lives where no nudge within the margin helps", async () => {
      const alive = scaled(await committed("92253bf5a3fc"), 0.9);
      const { verdict, reproduction } = await verify(alive, TARGETS.numpy, runner);
      expect(verdict).toEqual({ kind: "differs", instead: "it lives" });
      expect(reproduction.layers).toEqual(alive.layers);
      expect(verdictText(verdict, ["numpy 2"])).toBe(
        "With numpy 2 it lives, also with its weights a ten-thousandth smaller or larger.",
      );
    });

    it("takes another death for none", async () => {
      const early = scaled(await committed("92253bf5a3fc"), 1.2);
      const { verdict } = await verify(early, TARGETS.numpy, runner);
      expect(verdict).toEqual({ kind: "differs", instead: "a cell overflows at an earlier timestep" });
    });
  },
);

describe("what a script printed", () => {
  const run = (exitCode: number, ...lines: string[]) =>
    factsOf({ exitCode, stdout: lines.join("\n"), error: "" });

  it("is read as it says", () => {
    const seen = run(
      1,
      "float64: log10 of the largest |cell| at timesteps 4 to 6: [36.5 37.1 39.2]",
      "float64 lives: the loss is 1.0",
      "float32: log10 of the largest |cell| at timesteps 4 to 6: [36.5 -inf inf]",
      "gradient: expected finite, got nan",
    );
    expect(seen).toMatchObject({
      status: "dies",
      heat: [36.5, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      part: "gradient",
      float64Lives: true,
      squares: null,
    });
    expect(run(125).status).toBe("cannot run");
  });

  it("is another death where another phase or another timestep is the first to overflow", async () => {
    const heat = (...values: string[]) =>
      `float32: log10 of the largest |cell| at timesteps 0 to 1: [${values.join(" ")}]`;
    const forward = await committed("92253bf5a3fc");
    expect(otherDeath(forward, run(1, heat("1", "inf"), "loss: expected finite, got nan"))).toBeNull();
    expect(otherDeath(forward, run(1, heat("inf", "nan"), "loss: expected finite, got nan"))).not.toBeNull();
    expect(otherDeath(forward, run(1, heat("1", "2"), "loss: expected finite, got nan"))).not.toBeNull();
    expect(otherDeath(forward, run(0, heat("1", "inf")))).toBe("it lives");
    const clip = await committed("af7a42514050");
    expect(otherDeath(clip, run(1, heat("1", "2"), "clipped gradient: expected finite, got nan"))).toBeNull();
    expect(otherDeath(clip, run(1, heat("1", "2"), "gradient: expected finite, got nan"))).toBe(
      "it dies of its gradient",
    );
    expect(otherDeath(clip, run(1, heat("1", "inf"), "clipped gradient: expected finite, got nan"))).toBe(
      "a cell overflows",
    );
    const normalise = await committed("fe4983b9999c");
    const squares = (value: string) =>
      run(1, heat("1", "2"), `the largest sum of squares: ${value}`, "gradient: expected finite, got nan");
    expect(otherDeath(normalise, squares("inf"))).toBeNull();
    expect(otherDeath(normalise, squares("4.2e+30"))).toBe("no sum of squares overflows");
  });
});
