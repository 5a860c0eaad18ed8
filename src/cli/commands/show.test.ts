import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFixture } from "../../fixtures/store.ts";
import { runNanproof } from "../testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-show-"));
const names = readdirSync("fixtures").filter((name) => name.endsWith(".json"));
beforeAll(() => {
  for (const name of names) cpSync(join("fixtures", name), join(cwd, "some deaths", name));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const show = (...args: string[]) => runNanproof(["show", ...args], { cwd });

describe("nanproof show", () => {
  it("lists every fixture of a folder, with what dies and what holds, ready to be pasted", async () => {
    const { exitCode, stdout } = await show("some deaths");
    expect(exitCode).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^fixture +grade +signature +from$/);
    for (const name of names) {
      const { fixture } = readFixture(join(cwd, "some deaths", name));
      const row = lines.findIndex((line) => line.startsWith(`'some deaths/${name}'`));
      expect(lines[row]).toContain(`  ${fixture.expected.signature}  `);
      expect(lines[row + 1]).toBe(`  ${fixture.sentence}`);
      expect(lines[row + 3]).toBe(`  holds under ${fixture.fixes?.holds.join(", ")}`);
    }
    expect(lines.at(-1)).toMatch(/^11 fixtures, \d signatures$/);
  });

  it("gives a list with --json; a file and its folder are one fixture", async () => {
    const [name = ""] = names;
    const path = join("some deaths", name);
    const { stdout } = await show(path, "some deaths", "--json");
    const shown = JSON.parse(stdout) as { fixture: string }[];
    expect(shown.map(({ fixture }) => fixture)).toEqual(names.map((file) => `some deaths/${file}`));
    const { fixture } = readFixture(join(cwd, path));
    const { sentence, size, fixes, grade } = fixture;
    const { signature, step, reproducesOn } = fixture.expected;
    expect(shown[0]).toMatchObject({ sentence, size, fixes, grade, signature, step, reproducesOn });
  });

  it("refuses what is no fixture, and a folder of none", async () => {
    const { exitCode, stderr, stdout } = await show("some deaths", ".");
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(".: it holds no fixture (*.json)");
  });
});
