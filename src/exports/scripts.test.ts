import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readFixture } from "../fixtures/store.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { checkedDeath } from "./checkedDeath.ts";
import { reproductionOf } from "./fromFixture.ts";
import { rendered } from "./render.ts";
import type { Reproduction } from "./reproduction.ts";
import { TARGET_NAMES, TARGETS } from "./targets.ts";
import { livingSteps } from "./testing/livingSteps.ts";
import { testPython, WITH_FRAMEWORKS } from "./testing/pythons.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-scripts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function committed(id: string): Promise<Reproduction> {
  const [name = ""] = readdirSync("fixtures").filter((file) => file.includes(id));
  return reproductionOf(await checkedDeath(readFixture(`fixtures/${name}`), await openEngine("explorer")));
}

async function everyReproduction(): Promise<Reproduction[]> {
  const ids = readdirSync("fixtures").filter((file) => file.endsWith(".json"));
  const living = [
    ...(await livingSteps("loss")),
    ...(await livingSteps("gradients")),
    ...(await livingSteps("update")),
  ];
  const dead = [];
  for (const id of ids) dead.push(await committed(id));
  return [...dead, ...living.map(({ reproduction }) => reproduction)];
}

describe("a script", () => {
  it("of the one-unit death of npm start takes at most 40 lines in PyTorch, what was verified included", async () => {
    const reproduction = await committed("92253bf5a3fc");
    const verified = ["Verified: dies so with torch 2.15.0+cu132, Python 3.11.7."];
    const { script } = rendered({ ...reproduction, verified }, TARGETS.pytorch);
    expect(script.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
    expect(script).toContain("recurrent_kernel");
  });

  it("holds its numbers where they are fewer than 2,000, else they lie beside it", async () => {
    const small = await committed("92253bf5a3fc");
    const large = await committed("1b1420a1930a");
    for (const name of TARGET_NAMES) {
      expect(rendered(small, TARGETS[name]).beside, name).toBeNull();
      const { beside, numbers } = rendered(large, TARGETS[name]);
      expect(numbers).toBeGreaterThanOrEqual(2000);
      expect(beside?.suffix, name).toBe(name === "tfjs" ? ".json" : ".npz");
    }
  });

  it("is laid out as Biome, and so Prettier, lays it out", { timeout: 300_000 }, async () => {
    const rules = { formatter: { lineWidth: 80, indentStyle: "space" } };
    writeFileSync(join(folder, "biome.json"), JSON.stringify(rules));
    const names = (await everyReproduction())
      .filter((reproduction) => TARGETS.tfjs.refuses(reproduction) === null)
      .map((reproduction, at) => {
        writeFileSync(join(folder, `${at}.js`), rendered(reproduction, TARGETS.tfjs).script);
        return `${at}.js`;
      });
    const biome = resolve("node_modules/@biomejs/biome/bin/biome");
    const { status, stdout, stderr } = spawnSync(process.execPath, [biome, "format", ...names], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(status, stdout + stderr).toBe(0);
  });

  it.skipIf(!WITH_FRAMEWORKS)(
    "is laid out as ruff, and so black, lays it out (NANPROOF_FRAMEWORKS=1)",
    async () => {
      for (const [at, reproduction] of (await everyReproduction()).entries())
        for (const name of TARGET_NAMES) {
          const target = TARGETS[name];
          if (target.language !== "python" || target.refuses(reproduction) !== null) continue;
          writeFileSync(join(folder, `${at}-${name}.py`), rendered(reproduction, target).script);
        }
      const ruff = ["-m", "ruff", "format", "--isolated", "--diff", folder];
      const { status, stdout, stderr } = spawnSync(testPython(), ruff, { encoding: "utf8" });
      expect(status, stdout + stderr).toBe(0);
    },
  );

  it("ends with 125 where its framework is not there", async () => {
    const reproduction = await committed("92253bf5a3fc");
    writeFileSync(join(folder, "lone.js"), rendered(reproduction, TARGETS.tfjs).script);
    expect(spawnSync(process.execPath, [join(folder, "lone.js")]).status).toBe(125);
    writeFileSync(join(folder, "lone.py"), rendered(reproduction, TARGETS.jax).script);
    // Without its site, a Python has no packages.
    expect(spawnSync("python3", ["-I", "-S", join(folder, "lone.py")]).status).toBe(125);
  });
});
