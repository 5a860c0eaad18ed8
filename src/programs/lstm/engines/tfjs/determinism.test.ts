import { describe, expect, it } from "vitest";
import { rerun } from "../../../../fixtures/replay.ts";
import { readRecording, recordedCase } from "../../recordings/recording.ts";
import { BACKENDS, LEFT_OUT, openBackends } from "./testing/backends.ts";
import { smallCase } from "./testing/smallCase.ts";

const engines = await openBackends();
const { optimizer } = smallCase();
const cases = {
  "a case that lives": smallCase({ steps: 30 }),
  "a case of another seed": smallCase({ steps: 30, init: { kind: "glorot", seed: "2", scale: 1 } }),
  "a case that clips": smallCase({
    steps: 30,
    optimizer: { ...optimizer, clip: { kind: "globalNorm", limit: 0.01 } },
  }),
  "a case that dies": recordedCase(readRecording("fixtures/recordings/overflow-wide-150.json")),
};

it.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("tfjs-%s", (backend) => {
  it("gives each case one digest, run for run and with other runs between, and no two the same", async () => {
    const digests = async () => {
      const found: string[] = [];
      for (const testCase of Object.values(cases))
        found.push((await rerun(engines(backend), testCase, { folder: "." })).digest);
      return found;
    };
    const first = await digests();
    await rerun(engines(backend === "wasm" ? "cpu" : "wasm"), cases["a case that lives"], { folder: "." });
    expect(await digests()).toEqual(first);
    expect(new Set(first).size).toBe(first.length);
  });
});
