import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { rerun } from "../fixtures/replay.ts";
import { readFixture } from "../library/fixtures.ts";
import { randomStream } from "../numerics/random.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { languageModelData, wrappedProse } from "../programs/lstm/text/testing/texts.ts";
import { runNanproof } from "./testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-split-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
writeFileSync(join(cwd, "ptb.txt"), languageModelData(1500, randomStream("1", "ptb")));
writeFileSync(join(cwd, "prose.txt"), wrappedProse(300, 72, randomStream("1", "prose")));
writeFileSync(join(cwd, "digits.txt"), `${"1234567890".repeat(30)} and more. It ends here.`);

const train = (text: string, ...args: string[]) => {
  const flags = ["train", "--text", text, "--units", "3", "--epochs", "1", ...args];
  return runNanproof(flags, { cwd, timeout: 60_000 });
};

describe("nanproof train --split", () => {
  it("auto takes the lines of language-model data: sentences, validation, and --sentences has its effect", async () => {
    const { stderr, exitCode } = await train("ptb.txt");
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/published on ptb\.txt: 1500 sentences, .* rows kept for validation/);
    expect(stderr).toContain("\nsentences are cut at line breaks (--split lines): ");
    expect(stderr).not.toContain("warning");
    expect((await train("ptb.txt", "--sentences", "200")).stderr).toContain("ptb.txt: 200 sentences");
  });

  it("auto takes the sentences of wrapped prose", async () => {
    const { stderr } = await train("prose.txt", "--json");
    expect(stderr).toContain("prose.txt: 300 sentences");
    expect(stderr).toContain("\nsentences are cut at full stops and blank lines (--split sentences): ");
  });

  it("takes what it is told, and warns where that makes hardly any sentence", async () => {
    const { stderr } = await train("ptb.txt", "--split", "sentences", "--validation", "0");
    expect(stderr).toMatch(/ptb\.txt: 1 sentence, \d+ words/);
    expect(stderr).toContain("\nsentences are cut at full stops and blank lines, as asked for\n");
    expect(stderr).toMatch(
      /\nwarning: fewer than 1 sentence in 200 words \(1 in \d+\): if its sentences end elsewhere, say --split lines\n/,
    );
  });

  it("warns of words cut at 100 letters", async () => {
    const { stderr } = await train("digits.txt");
    expect(stderr).toContain('\nwarning: words were cut after 100 letters (2 times, first at "1234567890');
  });

  it("of the Brown corpus is wrong use", async () => {
    const { stderr, stdout, exitCode } = await train("brown", "--split", "lines");
    expect(stderr).toContain('data.split is "lines", but the Brown corpus comes in sentences');
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
  });

  it("stands in the fixture as what auto came to, and the run is the same again", async () => {
    const flags = ["--batch", "8", "--learning-rate", "1000", "--sentences", "60", "--out", ".", "--json"];
    const { stdout, exitCode } = await train("ptb.txt", ...flags);
    expect(exitCode).toBe(1);
    const { fixture: path, step, signature } = JSON.parse(stdout);
    const { run } = readFixture(join(cwd, path)).fixture.provenance;
    expect(run?.data).toMatchObject({ kind: "text", split: "lines" });
    if (run === undefined) throw new Error("no run is named");
    const engine = await openEngine("explorer");
    const { trajectory } = await rerun(engine, run, { folder: cwd });
    expect(trajectory).toMatchObject({ status: "failed", death: { step, diagnosis: { signature } } });
  });
});
