import { describe, expect, it } from "vitest";
import type { Replay } from "../fixtures/replay.ts";
import { FIX_NAMES } from "../programs/lstm/fixes/fixes.ts";
import { lstm } from "../programs/lstm/program.ts";
import { replayJson, replaySummary } from "./replay.ts";

const digest = "0123456789abcdef".repeat(4);
const signature = "forward/recurrence-overflow/relu";
type Summarised = Parameters<typeof replaySummary>[1];
/** The part of a fixture that a summary reads. */
const expecting = (digests: Summarised["expected"]["digests"]) =>
  ({
    grade: "run",
    expected: { signature, step: 1, digests },
    fixes: { holds: ["l2"], fails: FIX_NAMES.filter((name) => name !== "l2") },
  }) as unknown as Summarised;
/** The last line of each. */
const FIXES =
  "  holds under l2; dies under tanh-cells, cell-clip, safe-normalise, clip-by-global-norm, l2-strong, learning-rate-tenth, published, published-l2, published-clip, hardened";
const lived: Replay = {
  reproduced: false,
  signature: null,
  step: 1,
  digest,
  ms: 12.34567,
  trajectory: { status: "completed", steps: 0, records: [] },
};

const host = { name: "tfjs-cpu", version: "of a test", program: lstm };

describe("replaySummary", () => {
  it("of a run that is healed shows what was expected and what came out", () => {
    expect(replaySummary("a.json", expecting({}), lived, host).join("\n")).toBe(
      [
        "diverged: a.json on tfjs-cpu: the run stays finite",
        `  expected   ${signature} at step 1`,
        "  came out   no signature at step 1",
        `  digest     ${digest} (none recorded for tfjs-cpu)`,
        FIXES,
      ].join("\n"),
    );
  });

  it("says whether the digest is as recorded on this engine, and no other's", () => {
    const words = (digests: Summarised["expected"]["digests"]) =>
      replaySummary("a.json", expecting(digests), { ...lived, reproduced: true }, host).join("\n");
    expect(words({ "tfjs-cpu": digest })).toBe(
      `reproduced: a.json dies at step 1 of ${signature}, in 12 ms on tfjs-cpu\n  digest     ${digest} (as recorded)\n${FIXES}`,
    );
    expect(words({ "tfjs-cpu": "f".repeat(64) })).toContain(
      "(recorded ffffffffffff...; another CPU or version",
    );
    expect(words({ "tfjs-wasm": digest })).toContain("(none recorded for tfjs-cpu)");
  });
});

it("replayJson has its keys in the documented order, and milliseconds to the microsecond", () => {
  expect(JSON.stringify(replayJson({ sentence: "one unit" }, lived))).toBe(
    `{"reproduced":false,"signature":null,"step":1,"digest":"${digest}","ms":12.346,"site":null,"sentence":"one unit","size":null,"fixes":null}`,
  );
});
