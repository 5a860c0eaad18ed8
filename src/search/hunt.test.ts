import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { presets } from "../cases/presets.ts";
import { hunt, huntWith } from "./hunt.ts";
import { type HuntOptions, settingsOf } from "./settings.ts";
import { deadly } from "./testing/deadly.ts";

const root = mkdtempSync(join(tmpdir(), "nanproof-hunt-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = (name: string) => join(root, name);

const options = (more: Partial<HuntOptions> = {}): HuntOptions => ({
  domain: deadly,
  base: presets.published,
  budget: { kind: "cases", cases: 40 },
  seed: "test",
  confirm: "explorer",
  ...more,
});

/** Fixtures of a folder: contents by name. */
function fixturesIn(path: string): Record<string, string> {
  const names = readdirSync(path).filter((name) => name !== ".nanproof");
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(path, name), "utf8")]));
}

describe("a hunt by cases", () => {
  it.each(["guided", "random"] as const)(
    "%s gives the same fixtures to the byte, whatever the number of workers",
    async (strategy) => {
      const found = [];
      for (const workers of strategy === "guided" ? [1, 1, 3] : [1, 2]) {
        const out = folder(`same-${strategy}-${found.length}`);
        const { tally, failures } = await hunt(options({ out, workers, strategy, keep: 3 }));
        expect(failures.length).toBeGreaterThan(1);
        expect(failures.every(({ confirmed }) => confirmed)).toBe(true);
        found.push({ fixtures: fixturesIn(out), tally });
      }
      for (const other of found) expect(other).toEqual(found[0]);
      expect(found[0]?.tally).toMatchObject({ cases: 40, lost: [], overdue: 0 });
    },
  );

  it("keeps as many of a signature as asked", async () => {
    for (const keep of [1, 2]) {
      const { failures, tally } = await hunt(options({ out: folder(`keep-${keep}`), keep }));
      const [most = 0] = Object.values(tally.bySignature).sort((a, b) => b - a);
      expect(most).toBeGreaterThan(2);
      const signatures = failures.map(({ signature }) => signature);
      expect(Math.max(...signatures.map((name) => signatures.filter((other) => other === name).length))).toBe(
        keep,
      );
    }
  });

  it("another seed gives other cases", async () => {
    const one = await hunt(options());
    const other = await hunt(options({ seed: "another" }));
    expect(other.tally.work).not.toBe(one.tally.work);
  });
});

describe("a folder of findings", () => {
  it("is replayed first, and is not written to again for the same signatures", async () => {
    const out = folder("again");
    const underWay: number[] = [];
    const first = await hunt(options({ out }), { onCaptures: (count) => underWay.push(count) });
    expect(Math.max(...underWay)).toBeGreaterThan(0);
    expect(underWay.at(-1)).toBe(0);
    const held = fixturesIn(out);
    expect(Object.keys(held).length).toBeGreaterThan(0);
    const replayed: number[] = [];
    const again = await hunt(options({ out, seed: "another" }), {
      onStart: (start) => replayed.push(start.held.failures.length),
    });
    expect(replayed).toEqual([first.failures.length]);
    expect(again.failures.map(({ path }) => path)).toEqual(
      expect.arrayContaining(first.failures.map(({ path }) => path)),
    );
    for (const [name, contents] of Object.entries(held)) expect(fixturesIn(out)[name]).toBe(contents);
  });

  it("goes on where a hunt was stopped, and ends where one that was not ends", async () => {
    const random = { workers: 2, keep: 2, strategy: "random" } as const;
    const whole = folder("whole");
    const parts = folder("parts");
    const inOne = await hunt(options({ out: whole, ...random }));
    const stop = new AbortController();
    // One worker answers in order. Of two, the one with case 0 may be the last to start, and all else be in by then.
    const first = await hunt(options({ out: parts, ...random, workers: 1 }), {
      signal: stop.signal,
      onCase: ({ cases }) => cases >= 5 && stop.abort(),
    });
    expect(first.status).toBe("interrupted");
    expect(first.tally.cases).toBeLessThan(40);
    const second = await hunt(options({ out: parts, ...random }));
    expect(second.from).toBe(first.through);
    expect(second.tally).toEqual(inOne.tally);
    const signatures = (report: typeof inOne) => report.failures.map(({ signature }) => signature);
    expect(signatures(second)).toEqual(signatures(inOne));
  });
});

describe("workers that fail", () => {
  const script = {
    url: new URL("./testing/plantedHuntWorker.ts", import.meta.url),
    nodeOptions: ["--max-old-space-size=128"],
  };
  const planted = "hang 11, kill 12, fill-heap 30, throw 31";
  const lost = [
    { index: 11, during: "run", end: { kind: "hang", seconds: 8 } },
    { index: 12, during: "run", end: { kind: "killed", signal: "SIGKILL" } },
    { index: 30, during: "run", end: { kind: "out-of-memory" } },
    { index: 31, during: "run", end: { kind: "failed", message: "planted" } },
  ];

  it("cost one case each, which is reported, and the hunt goes on the same", async () => {
    const provenance = { nanproof: "test", preset: planted, domain: "deadly" };
    for (const workers of [1, 2]) {
      const settings = settingsOf(options({ workers, provenance, out: folder(`mishaps-${workers}`) }));
      const { tally, failures } = await huntWith(script, settings, { hangSeconds: 8 });
      expect(tally).toMatchObject({ cases: 40, lost });
      expect(failures.length).toBeGreaterThan(0);
    }
    expect(fixturesIn(folder("mishaps-2"))).toEqual(fixturesIn(folder("mishaps-1")));
  });
});
