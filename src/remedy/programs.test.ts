import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixtureSchema } from "../fixtures/schema.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import { openProgram } from "../programs/process/open.ts";
import type { ProgramHost } from "../programs/process/program.ts";
import { fileFix, knobFix } from "../programs/process/remedies/interventions.ts";
import { planted } from "../programs/testing/hostProcess.ts";
import { remedySummary } from "../reporters/remedy.ts";
import type { Remedy } from "./remedy.ts";
import { findRemedies, type Remedies } from "./search.ts";

const order = (name: string) => ({
  file: planted(name),
  python: null,
  backend: null,
  threads: 1,
  isFresh: false,
});
const DEFAULTS = { rate: 3, scale: 1, weights: 1 };

let host: ProgramHost;
beforeAll(async () => {
  host = await openProgram(order("diverges.mjs"));
}, 120_000);
afterAll(() => host.close?.());

/** The fixture of a run of the program, as if read from `memory.json`. */
function fixtureOf(knobs: object, step: number): StoredFixture {
  const fixture = fixtureSchema.parse({
    schemaVersion: 1,
    grade: "run",
    program: { name: "diverges.mjs", sha256: host.file?.sha256 ?? null },
    case: { schemaVersion: 1, knobs, seed: 1, steps: 100 },
    expected: {
      signature: "forward/sum-of-squares-overflow/Square",
      step,
      site: null,
      because: "test",
      reproducesOn: ["process"],
      digests: {},
      versions: {},
    },
    provenance: {
      nanproof: "0.1.0",
      engine: "process",
      preset: "program",
      data: "test",
      seed: "1",
      step,
      captured: { rows: 0, time: 0 },
    },
  });
  return { path: "memory.json", fixture } as StoredFixture;
}

async function found(own: Parameters<typeof findRemedies>[2]["own"], seeds = 2): Promise<Remedies> {
  const stored = fixtureOf(DEFAULTS, await diesAt());
  const remedies = await findRemedies(stored, host as never, { seeds, own, signal: { aborted: false } });
  if (remedies === null) throw new Error("nothing was found");
  return remedies;
}

/** The step at which the run dies by itself. */
async function diesAt(): Promise<number> {
  const session = await host.program.open(
    host,
    { schemaVersion: 1, knobs: DEFAULTS, seed: 1, steps: 100 },
    { folder: "." },
  );
  for (;;) {
    const record = await session.step();
    if (record === null) throw new Error("the program lives");
    if (!record.finite.loss) return record.step;
  }
}

describe("the remedies of a person's program", { timeout: 300_000 }, () => {
  let remedies: Remedies;
  let step: number;
  const of = (name: string) => remedies.remedies.find(({ fix }) => fix === name) as Remedy;
  beforeAll(async () => {
    step = await diesAt();
    const own = [
      knobFix("rate", 0.01, "0.01"),
      knobFix("scale", 0.5, "0.5"),
      knobFix("weights", 2, "2"),
      knobFix("rate", 2.9, "2.9"),
    ];
    remedies = await found(own as never);
  }, 300_000);

  it("are tried on the step, on the run over ten times its steps, and on seeds over three times", () => {
    expect(remedies.unfixed).toEqual({ lived: 0, of: 2 });
    for (const name of ["clip-by-global-norm-1", "learning-rate-tenth", "rate=0.01"])
      expect(of(name)).toMatchObject({
        run: { lives: true, steps: 10 * step },
        seeds: { lived: 2, of: 2 },
        skipped: 0,
        changesWhatIsTrained: false,
      });
    // The fatal step's loss is infinite already: no clipping saves it, and a smaller rate is not judged there.
    expect(of("clip-by-global-norm-1").step).toBe("fails");
    expect(of("learning-rate-tenth").step).toBe("notJudged");
    expect(of("rate=2.9")).toMatchObject({ step: "fails", run: { lives: false }, seeds: null, loss: null });
    expect(of("rate=2.9").run?.steps).toBeLessThan(10 * step);
  });

  it("count the updates that are left out, and take the loss of the others", () => {
    const { run, skipped, loss } = of("skip-non-finite");
    expect(run).toEqual({ lives: true, steps: 10 * step });
    expect(skipped).toBe(9 * step + 1);
    expect(loss).toBeNull();
  });

  it("are marked where the first step has another loss, and ranked below those that have not", () => {
    // The batch of the fatal step is what it was: the knob changes those that the run makes.
    expect(of("scale=0.5")).toMatchObject({
      step: "fails",
      run: { lives: true },
      changesWhatIsTrained: true,
    });
    const names = remedies.remedies.map(({ fix }) => fix);
    expect(names.indexOf("scale=0.5")).toBeGreaterThan(names.indexOf("rate=0.01"));
  });

  it("are told with the loss, and with the validation loss of a gauge of that name", () => {
    const { loss, validationLoss } = of("learning-rate-tenth");
    expect(loss).toBeLessThan(1e-6);
    expect(validationLoss).toBeGreaterThanOrEqual(0);
    expect(of("rate=2.9").validationLoss).toBeNull();
  });

  it("say why something was not judged, and which line does the first", () => {
    expect(remedies.notJudged).toMatchObject([
      { fix: "weights=2", why: expect.stringMatching(/state does not fit/) },
    ]);
    const { code } = host.program.trials ?? {};
    const lines = remedySummary("memory.json", remedies, (fix) => code?.(fix, host) ?? null);
    expect(lines.join("\n")).toMatch(/not judged, or in part: weights=2: .*does not fit/);
    expect(code?.("learning-rate-tenth", host)).toEqual({ tfjs: expect.stringContaining("rate / 10") });
    expect(code?.("rate=0.01", host)).toEqual({ knob: "rate=0.01, whose default is 3" });
  });

  it("have a mended file among them, which runs in a process of its own", async () => {
    const mended = await openProgram(order("dense.mjs"));
    try {
      const fixed = new Map([["mended.mjs", mended.hosting]]);
      const withFixed = { ...host, fixed };
      const stored = fixtureOf(DEFAULTS, step);
      const tried = await findRemedies(stored, withFixed as never, {
        seeds: 1,
        own: [fileFix("mended.mjs", "mended.mjs") as never],
        signal: { aborted: false },
      });
      // A program of other knobs: it refuses, and that is told and no death.
      expect(tried?.remedies.find(({ fix }) => fix === "mended.mjs")).toMatchObject({
        step: "notJudged",
        run: null,
      });
      expect(tried?.notJudged).toMatchObject([
        { fix: "mended.mjs", why: expect.stringMatching(/no knob rate/) },
      ]);
    } finally {
      await mended.close?.();
    }
  });
});
