import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HuntOptions, lstmHunt } from "../library/huntSettings.ts";
import { presets } from "../programs/lstm/cases/presets.ts";
import { type HuntHooks, type HuntReport, hunt, huntWith } from "./hunt.ts";
import { processes } from "./run/hire.ts";
import { deadly } from "./testing/deadly.ts";
import { folderBytes } from "./testing/folderBytes.ts";

const root = mkdtempSync(join(tmpdir(), "nanproof-hunt-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = (name: string) => join(root, name);

const options = (more: Partial<HuntOptions> = {}) =>
  lstmHunt({
    domain: deadly,
    base: presets.published,
    budget: { kind: "cases", cases: 40 },
    seed: "test",
    confirm: "explorer",
    ...more,
  });

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
        found.push({ files: folderBytes(out), tally });
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
    const held = folderBytes(out);
    expect(Object.keys(held).length).toBeGreaterThan(0);
    const replayed: number[] = [];
    const again = await hunt(options({ out, seed: "another" }), {
      onStart: (start) => replayed.push(start.held.failures.length),
    });
    expect(replayed).toEqual([first.failures.length]);
    expect(again.failures.map(({ path }) => path)).toEqual(
      expect.arrayContaining(first.failures.map(({ path }) => path)),
    );
    expect(folderBytes(out)).toMatchObject(held);
  });

  it("says the same of a hunt that is made again in it", async () => {
    const out = folder("repeated");
    const first = await hunt(options({ out, keep: 2, budget: { kind: "cases", cases: 30 } }));
    const files = folderBytes(out);
    const second = await hunt(options({ out, keep: 2, budget: { kind: "cases", cases: 30 } }));
    expect(second).toMatchObject({ from: 0, tally: first.tally, pending: 0 });
    expect(folderBytes(out)).toEqual(files);
  });
});

describe("an interrupted hunt", () => {
  /** Interrupts a hunt at the moment asked for, again and again, until one reaches its end. */
  async function inParts(
    out: string,
    more: Partial<HuntOptions>,
    moment: (hooks: HuntHooks, stop: () => void) => HuntHooks,
  ) {
    for (let part = 1; ; part++) {
      const stop = new AbortController();
      const report = await hunt(
        options({ ...more, out }),
        moment({ signal: stop.signal }, () => stop.abort()),
      );
      if (report.status === "finished") return { report, parts: part };
    }
  }
  const more = { keep: 2, budget: { kind: "cases", cases: 30 } } as const;
  const whole = folder("undisturbed");
  let undisturbed: HuntReport;
  beforeAll(async () => {
    undisturbed = await hunt(options({ ...more, out: whole }));
  });

  it("after every seventh case ends as an undisturbed one, in all that its folder holds", async () => {
    const out = folder("after-cases");
    const { report, parts } = await inParts(out, { ...more, workers: 1 }, (hooks, stop) => {
      let cases = 0;
      return { ...hooks, onCase: () => ++cases === 7 && stop() };
    });
    expect(parts).toBe(5);
    expect(report.tally).toEqual(undisturbed.tally);
    expect(folderBytes(out)).toEqual(folderBytes(whole));
  });

  it("as soon as a capture begins, or has ended, ends as an undisturbed one, in all that its folder holds", async () => {
    const out = folder("while-shrinking");
    let part = 0;
    // With one worker captures end in order, so that every second part gets a step further.
    const { parts } = await inParts(out, { ...more, workers: 1 }, (hooks, stop) => {
      const asSoonAs = part++ % 2 === 0 ? "begun" : "ended";
      let before = 0;
      return {
        ...hooks,
        onCaptures: (underWay) => {
          if (asSoonAs === (underWay > before ? "begun" : "ended")) setImmediate(stop);
          before = underWay;
        },
      };
    });
    expect(parts).toBeGreaterThan(4);
    expect(folderBytes(out)).toEqual(folderBytes(whole));
  });

  it("that ends by the clock is found again by as many cases, where one was given up in the midst of others", async () => {
    const script = { url: new URL("./testing/plantedHuntWorker.ts", import.meta.url) };
    const timed = options({
      out: folder("timed"),
      workers: 2,
      budget: { kind: "time", seconds: 12 },
      provenance: { nanproof: "test", preset: "hang 9", domain: "deadly" },
    });
    const report = await huntWith(processes(script), timed, { hangSeconds: 60 });
    // The other worker went on past the case that hung.
    expect(report).toMatchObject({ status: "finished", tally: { cases: report.through, lost: [] } });
    expect(report.through).toBeLessThan(10);
    const again = {
      ...timed,
      out: folder("by-cases"),
      budget: { kind: "cases", cases: report.through } as const,
    };
    expect((await hunt(again)).tally).toEqual(report.tally);
    expect(folderBytes(again.out)).toEqual(folderBytes(folder("timed")));
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
      const settings = options({ workers, provenance, out: folder(`mishaps-${workers}`) });
      const { tally, failures } = await huntWith(processes(script), settings, { hangSeconds: 8 });
      expect(tally).toMatchObject({ cases: 40, lost });
      expect(failures.length).toBeGreaterThan(0);
    }
    expect(folderBytes(folder("mishaps-2"))).toEqual(folderBytes(folder("mishaps-1")));
  });
});
