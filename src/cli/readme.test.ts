import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PRESET_NAMES } from "../programs/lstm/cases/presets.ts";
import { ENGINE_NAMES } from "../programs/lstm/engines/engine.ts";
import { runNanproof } from "./testing/nanproof.ts";

const readme = readFileSync("README.md", "utf8");

/** First column of the README's table whose header starts with `title`. */
function column(title: string): string[] {
  const lines = readme.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${title} |`));
  const body = lines.slice(start + 2);
  const end = body.findIndex((line) => !line.startsWith("|"));
  return body.slice(0, end).map((line) => /`([^`]+)`/.exec(line)?.[1] ?? line);
}

describe("the README", () => {
  it("names the commands that --help names", async () => {
    const { stdout } = await runNanproof(["--help"]);
    const commands = [...stdout.matchAll(/^ {2}nanproof (\w+)/gm)].map((match) => match[1]);
    expect(commands.length).toBeGreaterThan(2);
    expect(column("command").map((text) => text.split(" ")[1])).toEqual(commands);
  });

  it("names every preset and every engine", () => {
    expect(column("preset")).toEqual(PRESET_NAMES);
    expect(column("engine")).toEqual([...ENGINE_NAMES]);
  });

  it("uses only flags that the commands have", async () => {
    for (const command of ["train", "hunt", "replay", "compare", "bench"]) {
      const { stdout, exitCode } = await runNanproof([command, "--help"]);
      expect(exitCode).toBe(0);
      const shown = [...readme.matchAll(new RegExp(`nanproof ${command} ([^\`\\n]*)`, "g"))].flatMap(
        (match) => [...(match[1] as string).matchAll(/--([a-z-]+)/g)],
      );
      for (const [flag] of shown) expect(stdout, `${command} ${flag}`).toContain(flag);
    }
  });

  it("shows a tour whose command leaves the committed fixture, byte for byte", async () => {
    const [, flags = ""] = /^\$ npx nanproof (train .*)$/m.exec(readme) ?? [];
    const [, name = ""] = /captured in nanproof-findings\/(\S+)/.exec(readme) ?? [];
    const out = mkdtempSync(join(tmpdir(), "nanproof-tour-"));
    try {
      await runNanproof([...flags.split(" "), "--out", out]);
      expect(readdirSync(out)).toEqual([name]);
      expect(readFileSync(join(out, name), "utf8")).toBe(readFileSync(join("fixtures", name), "utf8"));
    } finally {
      rmSync(out, { recursive: true });
    }
  }, 120_000);
});
