import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { hostileLines } from "../documents/testing/hostileText.ts";
import { Commands } from "./testing/commands.ts";
import { HOSTILE, type Hostile } from "./testing/hostileInputs.ts";

const SEED = Number(process.env.NANPROOF_SEED ?? 1);
/** Runs of each kind; the ones that start processes of their own are fewer. */
const RUNS: Readonly<Record<keyof typeof HOSTILE, number>> = {
  fixture: 40,
  bundle: 16,
  recording: 40,
  domain: 12,
  text: 12,
  embedding: 6,
  fix: 12,
  paths: 40,
  flags: 40,
};

const root = mkdtempSync(join(tmpdir(), "nanproof-fuzz-"));
const commands = new Commands(300_000);
afterAll(() => {
  commands.close();
  rmSync(root, { recursive: true, force: true });
});

function lay(folder: string, files: Hostile["files"]): void {
  for (const [name, contents] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof contents === "string" && contents.startsWith("-> ")) symlinkSync(contents.slice(3), path);
    else writeFileSync(path, contents);
  }
}

describe(`whatever it reads, a command ends with 0 to 3, never with a bug of ours (seed ${SEED})`, () => {
  it.each(Object.keys(HOSTILE) as (keyof typeof HOSTILE)[])("%s", { timeout: 0 }, async (kind) => {
    const numRuns = process.env.NANPROOF_FUZZ ? Number(process.env.NANPROOF_FUZZ) : RUNS[kind];
    let count = 0;
    const codes = new Set<number | null>();
    await fc.assert(
      fc.asyncProperty(HOSTILE[kind] as fc.Arbitrary<Hostile>, async ({ files, args }) => {
        const cwd = join(root, `${kind}-${count++}`);
        mkdirSync(cwd);
        lay(cwd, files);
        const { exitCode, stdout, stderr } = await commands.run(cwd, args);
        expect({ exitCode, stderr }).toMatchObject({
          exitCode: expect.toSatisfy((code) => [0, 1, 2, 3].includes(code)),
        });
        expect(stderr).not.toMatch(/^\s+at /m);
        expect([...hostileLines(stdout), ...hostileLines(stderr)]).toEqual([]);
        if (exitCode === 2) expect(stderr).toMatch(/ {2}\[NANPROOF_E_\w+\]$/m);
        if (args.includes("--json") && !args.includes("--help") && stdout !== "") JSON.parse(stdout);
        codes.add(exitCode);
        rmSync(cwd, { recursive: true, force: true });
      }),
      { seed: SEED, numRuns, endOnFailure: true },
    );
    // Inputs of which none is refused, or none taken, would show little.
    expect(codes.has(2)).toBe(true);
    if (numRuns > 30) expect(codes.size).toBeGreaterThan(1);
  });
});
