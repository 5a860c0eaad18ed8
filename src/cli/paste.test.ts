import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deadly } from "../hunt/testing/deadly.ts";
import { MAIN } from "./testing/nanproof.ts";

/** A folder that a shell takes apart unless it is quoted. */
const folder = mkdtempSync(join(tmpdir(), "nanproof-paste-"));
const cwd = join(folder, "it's $HOME; ünïcode");
const bin = join(folder, "bin");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const committed = readdirSync("fixtures").filter((name) => name.endsWith(".json"));
const fixture = (part: string) => committed.find((name) => name.includes(part)) ?? "";

beforeAll(() => {
  mkdirSync(join(cwd, "my deaths"), { recursive: true });
  mkdirSync(bin);
  // npx, which finds the package in the folder.
  const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" "${MAIN}" "$@"\n`;
  writeFileSync(join(bin, "npx"), npx, { mode: 0o755 });
  copyFileSync(join("fixtures", fixture("fe4983b9999c")), join(cwd, "my deaths", "a death's.json"));
  writeFileSync(
    join(cwd, "a text.txt"),
    "The cat sat on the mat and saw the dog. A dog ran to the cat and the cat ran to the mat.",
  );
  writeFileSync(
    join(cwd, "my rules.mjs"),
    `export const invariants = [{ name: "small", check: ({ gauges }) => (gauges.weightNorm < 1 ? null : "large") }];`,
  );
  writeFileSync(join(cwd, "my fix.mjs"), "export const fix = (c) => ({ ...c, steps: c.steps });");
  writeFileSync(join(cwd, "a domain.json"), JSON.stringify(deadly));
  const diverged = JSON.parse(readFileSync(join("fixtures", fixture("315b39eff358")), "utf8"));
  diverged.expected.signature = "backward/backward-overflow/tanh";
  writeFileSync(join(cwd, "di verged.json"), JSON.stringify(diverged));
});

const bash = (line: string) =>
  execa("bash", ["-c", line], {
    cwd,
    reject: false,
    env: { PATH: `${bin}${delimiter}${process.env.PATH}`, GITHUB_ACTIONS: "" },
  });

/** Command lines, and the least number of commands that each prints. */
const TYPED: [line: string, printed: number][] = [
  ["train --text 'a text.txt' --units 3 --batch 4 --epochs 5 --learning-rate 1000 --out 'found by train'", 1],
  ["train --text 'a text.txt' --units 3 --batch 4 --epochs 5 --invariant 'my rules.mjs' --out 'by rules'", 1],
  [
    "train --text 'a text.txt' --units 3 --batch 4 --epochs 5 --learning-rate 1000 --engine tfjs-cpu --out cpu",
    1,
  ],
  ["hunt --domain 'a domain.json' --cases 8 --no-shrink --confirm explorer --out 'found by hunt'", 2],
  [
    "hunt --domain 'a domain.json' --cases 4 --invariant 'my rules.mjs' --confirm explorer --out 'by rules 2'",
    2,
  ],
  ["replay 'my deaths/a death'\\''s.json'", 1],
  ["shrink 'my deaths/a death'\\''s.json' --out 'made small'", 1],
  ["shrink 'di verged.json'", 1],
  ["gate --fixtures 'my deaths' --subject published-clip --budget 0", 1],
  ["gate --fixtures 'my deaths' --subject './my fix.mjs' --budget 1s", 2],
  ["gate --fixtures nowhere", 0],
  ["gate --fixtures .", 0],
];

it.each(TYPED)("every command that %s prints can be pasted", async (line, least) => {
  const { stdout, stderr } = await bash(`npx nanproof ${line}`);
  const printed = `${stdout}\n${stderr}`.match(/npx nanproof (?!help|gate starts).*/g) ?? [];
  expect(printed.length, stdout + stderr).toBeGreaterThanOrEqual(least);
  for (const command of new Set(printed)) {
    const short = command.replace(" --run", " --run --candidates 3");
    const { exitCode, stderr: told } = await bash(short);
    expect([0, 1, 3], `${command}\n${told}`).toContain(exitCode);
  }
});
