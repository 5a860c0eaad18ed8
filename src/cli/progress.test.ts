import { PassThrough } from "node:stream";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { progressEventSchema } from "../documents/progressEvent.ts";
import { type CommandProgress, leftWords, progressText, timedProgress } from "./progress.ts";
import { progressRow } from "./progressBar.ts";
import { EventLines } from "./progressEventLines.ts";

/** A stream that shows no colours. */
const plain = new PassThrough() as unknown as NodeJS.WriteStream;
const began = { done: 0, at: 0 };
const counted = (done: number, total: number | null): CommandProgress => ({
  head: `fixture ${done}/${total}`,
  tail: "2 held, 1 failed or stale",
  counted: { what: "fixtures", done, total },
});

describe("what is left", () => {
  it("follows from the pace since it began, where it began in the midst too", () => {
    expect(timedProgress(counted(3, 12), began, 6000)).toMatchObject({
      part: 0.25,
      seconds: 6,
      secondsLeft: 18,
    });
    expect(timedProgress(counted(80, 100), { done: 60, at: 1000 }, 5000)).toMatchObject({
      part: 0.8,
      secondsLeft: 4,
    });
  });

  it("is not known before there is a pace, nor without an end", () => {
    expect(timedProgress(counted(3, 12), began, 400).secondsLeft).toBeNull();
    expect(timedProgress(counted(0, 12), began, 9000).secondsLeft).toBeNull();
    expect(timedProgress(counted(3, null), began, 9000)).toMatchObject({
      part: null,
      secondsLeft: null,
      total: null,
    });
  });

  it("of a budget of time is what the clock says", () => {
    const progress = { ...counted(7, null), seconds: 30 };
    expect(timedProgress(progress, began, 12_000)).toMatchObject({ part: 0.4, secondsLeft: 18 });
    expect(timedProgress(progress, began, 99_000)).toMatchObject({ part: 1, secondsLeft: 0 });
  });

  it.each([
    [0.2, "1 s left"],
    [59, "59 s left"],
    [61, "2 min left"],
    [3601, "1 h 1 min left"],
  ])("%d s in words: %s", (seconds, text) => expect(leftWords(seconds)).toBe(text));
});

describe("a progress line", () => {
  const progress = timedProgress(counted(3, 12), began, 6000);

  it("has a bar with what is left where there is room, and is never wider than that", () => {
    expect(progressRow(progress, 100, plain)).toBe(
      "fixture 3/12  [######------------------]  18 s left  2 held, 1 failed or stale",
    );
    for (const words of ["short", "ünïcode ".repeat(20), "全角".repeat(40), "👩‍👩‍👧 ".repeat(30)])
      for (const room of [1, 20, 39, 60, 79, 200])
        expect(stringWidth(progressRow({ ...progress, tail: words }, room, plain))).toBeLessThanOrEqual(room);
  });

  it("is cut with an ellipsis, and keeps what it begins with", () => {
    const narrow = progressRow(progress, 30, plain);
    expect(narrow).toBe("fixture 3/12  18 s left  2 he…");
    const cut = progressRow({ ...progress, tail: "word ".repeat(40) }, 70, plain);
    expect(cut).toMatch(/^fixture 3\/12 {2}\[##-+\] {2}18 s left {2}word .*…$/);
  });

  it("has no bar where nobody knows the end", () => {
    expect(progressRow(timedProgress(counted(3, null), began, 6000), 100, plain)).not.toContain("[");
    expect(progressText(timedProgress({ head: "explaining" }, began, 6000))).toBe("explaining");
  });
});

describe("progress as events", () => {
  it("is a line an event as the schema has it; what was told last is told", () => {
    const lines: string[] = [];
    const events = new EventLines("gate", (line) => lines.push(line));
    events.note("warning: one\nand another");
    for (let done = 0; done <= 12; done++)
      events.progress(timedProgress(counted(done, 12), began, 100 * done));
    events.progress(null);
    events.progress(null);
    const parsed = lines.map((line) => progressEventSchema.parse(JSON.parse(line)));
    expect(parsed.map(({ type }) => type)).toEqual(["note", "note", "progress", "done"]);
    expect(parsed.at(-1)).toMatchObject({ command: "gate", what: "fixtures", done: 12, total: 12, part: 1 });
  });
});
