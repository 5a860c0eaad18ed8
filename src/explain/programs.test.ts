import { afterEach, describe, expect, it } from "vitest";
import { openPlanted, storedProgramFixture } from "../library/testing/storedProgramFixture.ts";
import type { KnobValues } from "../programs/process/case.ts";
import type { ProgramHost } from "../programs/process/program.ts";
import { explainJson, explainSummary } from "../reporters/explain.ts";
import { type Explanation, explainFixture } from "./explain.ts";

const never = { aborted: false };
let host: ProgramHost | null = null;
afterEach(async () => host?.close?.());

/** Says stop when it has been asked so often. */
function after(looks: number) {
  let asked = 0;
  return {
    get aborted() {
      asked += 1;
      return asked > looks;
    },
  };
}

/** Explains the run of a planted program, or its fatal step; of numbers the first few. */
async function explained(
  name: string,
  {
    grade = "step",
    seed = 1,
    knobs = {},
    looks = 40,
  }: { grade?: "run" | "step"; seed?: number; knobs?: KnobValues; looks?: number } = {},
) {
  const opened = await openPlanted(name);
  host = opened;
  const stored = await storedProgramFixture(opened, grade, { seed, knobs });
  const halfTime = after(looks);
  const explanation = await explainFixture(stored, opened as never, {
    signal: never,
    timeIsUp: never,
    halfTime,
  });
  if (explanation === null) throw new Error("it was interrupted");
  return explanation;
}

const boundary = ({ boundaries }: Explanation, what: string) => boundaries.find((one) => one.what === what);

describe("the death of a person's program is explained", { timeout: 300_000 }, () => {
  it("with what grew a timestep, through which number, how many timesteps it takes, and what it does not show", async () => {
    const explanation = await explained("recurrence-overflow.mjs");
    const { story } = explanation;
    // Timestep t multiplies (4^t - 1) / 3 by 4: 1.1e38 at timestep 63, and more than 3.4e38 at the next.
    expect(story.growth).toEqual({ perTimestep: 4, through: ["weight/kernel[0, 0]"] });
    expect(story.sentences.join(" ")).toMatch(
      /grew from 4\.0e0 at timestep 1 to .*e38 at timestep 63, by a factor of 4 a timestep at the end, and overflowed at timestep 64/,
    );
    expect(story.sentences.join(" ")).toContain("the factor is 1 instead of 4");
    // Of 64 timesteps the state is finite, and the gradient of the kernel, a sum over them, is not.
    expect(boundary(explanation, "timesteps")).toEqual({ what: "timesteps", lives: 63, dies: 64 });
    expect(boundary(explanation, "rows")).toEqual({ what: "rows", lives: null, dies: 1 });
    const kernel = boundary(explanation, "weight/kernel[0, 0]");
    expect(kernel?.lives).toBeLessThan(4);
    expect(explanation.free).toContain("weight/kernel[1, 1]");
    expect(explainSummary("death.json", explanation).join("\n")).toMatch(/timestep 1 to 63\n/);
    expect(explanation.untellable).toEqual([
      expect.stringMatching(/^recurrence-overflow\.mjs reports no gauge of its own \(watch\.gauge\)/),
      expect.stringMatching(/has no knobs/),
      expect.stringMatching(/the loss is not finite before it: nanproof remedy/),
    ]);
    expect(explanation.sought.why).toBe("the fixture names no run that it comes from");
  });

  it("with which clip is enough, where the update dies", async () => {
    const explanation = await explained("update-overflow.mjs");
    // The rate is 1e20: of a gradient of 3.4e18 the update is finite.
    const { lives, dies } = boundary(explanation, "clip by global norm") ?? {};
    expect(lives).toBeLessThan(3.41e18);
    expect(dies).toBeGreaterThan(3.4e18);
    expect((dies ?? 0) / (lives ?? 1)).toBeLessThan(1.1);
    expect(explanation.story.growth).toEqual({ perTimestep: null, through: [] });
  });

  it("with the step at which its own gauge left what eight healthy seeds show", async () => {
    const explanation = await explained("one-in-four.mjs", { grade: "run", seed: 3 });
    const { sought } = explanation;
    expect(sought).toMatchObject({ why: null, healthy: 8 });
    expect(sought.since.map(({ gauge }) => gauge)).toContain("state");
    expect(sought.since.find(({ gauge }) => gauge === "state")?.step).toBeLessThan(5);
    expect(sought.perStep).toBeCloseTo(5, 0);
    expect(explanation.untellable.join("\n")).not.toContain("gauge");
  });

  it("with the nearest knobs that the run lives with, each run from its start", async () => {
    const explanation = await explained("diverges.mjs", {
      grade: "run",
      knobs: { rate: 3, scale: 1, weights: 1 },
      looks: 1e6,
    });
    // The weight is multiplied by 1 - 2 rate scale^2 a step, and dies at step 28 at -5. It lives three times as long where 84 steps of it stay
    // below 1e19, the root of what float32 holds: where the factor is above -1.7 or so.
    const rate = boundary(explanation, "knob rate");
    const scale = boundary(explanation, "knob scale");
    for (const { lives, dies, at } of [
      { ...rate, at: 1.35 },
      { ...scale, at: Math.sqrt(1.35 / 3) },
    ]) {
      expect(lives).toBeGreaterThan(at / 1.15);
      expect(lives).toBeLessThan(at * 1.02);
      expect((dies ?? 0) / (lives ?? 1)).toBeGreaterThan(1);
      expect((dies ?? 0) / (lives ?? 1)).toBeLessThan(1.1);
    }
    expect(explanation.boundaries.map(({ what }) => what)).not.toContain("knob weights");
  });

  it("in JSON with the keys that were promised", async () => {
    const json = explainJson(await explained("update-overflow.mjs"));
    expect(Object.keys(json)).toEqual([
      "signature",
      "sentence",
      "story",
      "growth",
      "free",
      "boundaries",
      "since",
    ]);
  });
});
