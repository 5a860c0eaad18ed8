import { test as property } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Trace } from "../trace/trace.ts";
import { toJson } from "../trace/writeTrace.ts";
import { diagnose, type TraceDiagnosis } from "./diagnose.ts";
import { parseTrace } from "./parseTrace.ts";
import { JAX, TENSORFLOW } from "./testing/others.ts";
import { TORCH } from "./testing/torch.ts";
import { WORDS } from "./words.ts";

const PLANTED = [...TORCH, ...JAX, ...TENSORFLOW];
const MANY = 50_000;
const SEED = { seed: 1, numRuns: 300 };

const linesOf = ({ operations, end }: Trace) => [...operations, end].map(toJson);

/** Expects of a diagnosis that it may be shown and stored, whatever the trace said. */
function expectBounded(found: TraceDiagnosis | null): void {
  if (found === null) return;
  const { signature, mechanism, site, sentence, because } = found;
  expect(signature).toMatch(/^(forward|backward|update)\/[a-z-]+\/[A-Za-z0-9._]{1,80}$/);
  expect(Object.keys(WORDS)).toContain(mechanism);
  for (const text of [site.file, site.layer, site.tensor, sentence, because]) {
    if (text === null) continue;
    expect(text.length).toBeLessThan(3000);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
  }
  for (const count of [site.execution, site.timestep ?? 0, site.line ?? 1, ...(site.index ?? [])])
    expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
}

/** Values as no host writes them. */
const strange = fc.oneof(
  fc.constantFrom(
    null,
    true,
    -1,
    1e300,
    "NaN",
    "Infinity",
    [],
    {},
    "\u001b[2J\n::error::x",
    "x".repeat(10_000),
  ),
  fc.integer({ min: 0, max: 5 }),
  fc.json().map((text) => JSON.parse(text) as unknown),
);

describe("a trace from a file", () => {
  it.each(PLANTED.map((one) => [one.signature, one.trace] as const))(
    "is diagnosed as it was before: %s",
    (_, trace) => {
      expect(diagnose(parseTrace(linesOf(trace)))).toEqual(diagnose(trace));
    },
  );
});

describe("a damaged trace", () => {
  property.prop([fc.constantFrom(...PLANTED), fc.infiniteStream(fc.boolean())], SEED)(
    "of which lines are missing is diagnosed or not, and nothing is thrown",
    ({ trace }, kept) => {
      expectBounded(diagnose(parseTrace(linesOf(trace).filter(() => kept.next().value))));
    },
  );

  property.prop([fc.constantFrom(...PLANTED), fc.integer({ min: 1, max: 4 })], SEED)(
    "whose ids come in circles ends",
    ({ trace }, ids) => {
      const circled = linesOf(trace).map((line) =>
        line.replaceAll(/"id":(\d+)/g, (_, id: string) => `"id":${Number(id) % ids}`),
      );
      expectBounded(diagnose(parseTrace(circled)));
    },
  );

  property.prop([fc.constantFrom(...PLANTED), fc.nat(), fc.string(), strange], SEED)(
    "with strange values in the place of its own is bounded",
    ({ trace }, at, extra, value) => {
      const parsed = linesOf(trace).map((line) => JSON.parse(line) as Record<string, unknown>);
      for (const [n, record] of parsed.entries()) {
        const keys = Object.keys(record);
        record[keys[(at + n) % keys.length] ?? extra] = structuredClone(value);
        const [input] = Array.isArray(record.inputs) ? (record.inputs as Record<string, unknown>[]) : [];
        if (typeof input === "object" && input !== null)
          input[Object.keys(input)[at % 10] ?? extra] = structuredClone(value);
      }
      expectBounded(diagnose(parseTrace([...parsed.map((record) => JSON.stringify(record)), extra])));
    },
  );

  it("of many operations, all with one id, ends", () => {
    const value = '{"id":1,"shape":[1],"nan":1,"inf":1,"zeros":1}';
    const line = (n: number) =>
      `{"operation":"aten.mul","phase":"${n < MANY / 2 ? "forward" : "backward"}","execution":${n},"inputs":[${value}],"outputs":[${value},{"id":${n % 7}}]}`;
    const lines = [...Array(MANY).keys()].map(line);
    expectBounded(diagnose(parseTrace([...lines, '{"end":true,"loss":1}'])));
    const other = lines.map((text, n) => text.replace('"inputs":[{"id":1', `"inputs":[{"id":${n % 3}`));
    expectBounded(diagnose(parseTrace([...other, '{"end":true,"loss":1}'])));
  });

  it("says what could not be read, and that its end is missing", () => {
    const { operations, notes } = parseTrace(["{", '{"operation":"Exp"}', "null", ""]);
    expect(operations).toHaveLength(1);
    expect(notes).toEqual(["2 lines of the trace could not be read", "the trace has no end"]);
  });

  it("without its end is diagnosed by what nobody reads, and says so", () => {
    const [first] = PLANTED;
    const found = diagnose(parseTrace(linesOf(first?.trace as Trace).slice(0, -1)));
    expect(found?.signature).toBe(first?.signature);
    expect(found?.because).toContain("The trace is cut off");
  });

  it("of a name that no signature may hold is called other", () => {
    const trace = PLANTED.find(({ signature }) => signature.includes("aten.exp"))?.trace as Trace;
    const lines = linesOf(trace).map((line) => line.replaceAll("aten.exp", "e/x\\u001bp".repeat(100)));
    expect(diagnose(parseTrace(lines))?.site.operation).toBe("other");
  });
});
