import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNanproof } from "../testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-completion-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const nanproof = (...args: string[]) => runNanproof(args, { cwd });
beforeAll(async () => {
  writeFileSync(join(cwd, "nanproof.bash"), `${(await nanproof("completion", "bash")).stdout}\n`);
});

/** The completions that bash offers for words of which the last is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const typed = ["nanproof", ...words].map((word) => `'${word}'`).join(" ");
  const script = `. ./nanproof.bash; COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _nanproof; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execa("bash", ["--norc", "-c", script], { cwd });
  return stdout.split("\n").filter(Boolean);
}

describe("nanproof completion", () => {
  it("completes commands, flags and their values in bash", async () => {
    expect(await offered("")).toEqual(expect.arrayContaining(["train", "show", "completion", "help"]));
    expect(await offered("tr")).toEqual(["train"]);
    expect(await offered("train", "--lea")).toEqual(["--learning-rate"]);
    expect(await offered("train", "--no")).toEqual(["--no-shrink"]);
    expect(await offered("train", "--preset", "pub")).toEqual([
      "published",
      "published-l2",
      "published-clip",
    ]);
    expect(await offered("gate", "--lea")).toEqual([]);
    // Files are bash's own to complete.
    expect(await offered("replay", "nanproof.b")).toEqual([]);
  });

  it("has a script for zsh and for fish", async () => {
    const zsh = await nanproof("completion", "zsh");
    expect(zsh.stdout).toMatch(/^autoload -U \+X bashcompinit && bashcompinit\n/);
    const fish = await nanproof("completion", "fish");
    expect(fish.stdout).toContain(
      "complete -c nanproof -n '__fish_seen_subcommand_from train' -l preset -xa 'published published-l2 ",
    );
    expect(fish.stdout).toContain("-l no-shrink -d ");
  });

  it("of another shell is wrong use", async () => {
    const { exitCode, stderr } = await nanproof("completion", "bsh");
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there are no completions for "bsh"; did you mean bash?');
  });
});
