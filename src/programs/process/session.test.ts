import { describe, expect, it } from "vitest";
import type { HostRecord, HostReply } from "../protocol.ts";
import type { Hosting } from "./hosting.ts";
import { openStep } from "./session.ts";
import { EMPTY_STEP } from "./testing/emptyStep.ts";

const DEAD: HostRecord = {
  step: 7,
  loss: "NaN",
  dead: { where: "loss", tensor: null },
  skipped: false,
  gauges: {},
};
const LIVE: HostRecord = { ...DEAD, loss: 1, dead: null };
const DEATH = { signature: "forward/log-of-zero/Log", mechanism: "log-of-zero", site: null, because: "" };

type Opened = Pick<HostReply<"open">, "state" | "batch">;

/** A step by itself, of a program with such state and batches, that runs so each time. */
async function opened({
  state = [],
  batch = [],
  ran = [DEAD],
  digests = ["00", "00"],
}: Partial<Opened> & { ran?: HostRecord[]; digests?: string[] } = {}) {
  const hosting = {
    ready: { file: { name: "train.py" } },
    standing: async () => ({ id: 1, ok: true, framework: "torch", state, batch }),
    written: () => ({ state: "", batch: "" }),
    run: async () => ({ records: ran, digests }),
    named: async () => DEATH,
    drop() {},
  };
  return openStep(hosting as unknown as Hosting, EMPTY_STEP);
}

const weight = (shape: number[]) => ({ name: "w", dtype: "F32", shape, role: "weight" }) as const;

describe("a step of a program by itself", () => {
  it("is as much work as its program has numbers in its weights", async () => {
    const slot = { ...weight([100]), role: "slot" } as const;
    const [none, some] = [await opened(), await opened({ state: [weight([2, 3]), weight([4]), slot] })];
    expect(Number(some.work?.()) - Number(none.work?.())).toBe(2 * 3 + 4);
    expect(none.work?.()).toBeGreaterThan(0);
  });

  it("is told with its framework and the shapes of its batches", async () => {
    const batch = [
      { name: "0", dtype: "F32", shape: [2, 3] },
      { name: "1", dtype: "I64", shape: [] },
    ];
    expect((await opened({ batch })).description).toBe(
      "train.py (torch), batches of 0: F32 [2, 3]; 1: I64 []",
    );
    expect((await opened()).description).toBe("train.py (torch), batches of nothing");
  });

  it("is a run of one step, its first, and then over", async () => {
    const session = await opened();
    expect(session.steps).toBe(1);
    expect(await session.step()).toMatchObject({ step: 1, finite: { loss: false, weights: true } });
    expect(await session.step()).toBeNull();
  });

  it.each([
    ["it gives the same bits twice", [DEAD, DEAD], ["00", "00"], undefined],
    ["it gives other bits the second time", [DEAD, DEAD], ["00", "01"], /dies with other bits/],
    ["it lives the second time", [DEAD, LIVE], ["00", "01"], /the step lives \(1 of 2 times\)/],
  ])("is flaky or not, where %s", async (_, ran, digests, flaky) => {
    const session = await opened({ ran, digests });
    await session.step();
    const death = await session.diagnose();
    expect(death?.signature).toBe(DEATH.signature);
    if (flaky === undefined) expect(death?.flaky).toBeUndefined();
    else expect(death?.flaky).toMatch(flaky);
  });
});
