import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { fixturePath } from "../../fixtures/store.ts";
import { lstmHunt } from "../../library/huntSettings.ts";
import { storedFixture } from "../../library/testing/storedFixture.ts";
import { DOMAINS } from "../../programs/lstm/cases/domains.ts";
import { presets } from "../../programs/lstm/cases/presets.ts";
import { openEngine } from "../../programs/lstm/engines/open.ts";
import { growingUnit } from "../../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { emptyTally } from "../tally.ts";
import { HuntFolder } from "./huntFolder.ts";

const root = mkdtempSync(join(tmpdir(), "nanproof-hunt-folder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const engine = await openEngine("explorer");
const { fixture } = await storedFixture(growingUnit(), "step", engine);
const name = basename(fixturePath("", fixture));

const settings = (out: string, cases: number) =>
  lstmHunt({
    domain: DOMAINS.wide,
    base: presets.published,
    budget: { kind: "cases", cases },
    strategy: "random",
    out: join(root, out),
  });
const progress = (next: number, pending: number[] = []) => ({
  next,
  tally: { ...emptyTally(), cases: next },
  pending: pending.map((index) => ({
    ref: { index, parent: null },
    signature: fixture.expected.signature,
  })),
  strategy: null,
});

it("does not take for found before what a hunt wrote that was killed before it had said so", async () => {
  const open = () => HuntFolder.open(settings("killed", 9), engine);
  const killed = await open();
  killed.write([{ name, fixture }], progress(5, [3]));
  // Nothing is saved any more; the lock of a killed one would be stale.
  killed.close();
  const next = await open();
  expect(next.from).toMatchObject({ next: 5, writing: [name], pending: [{ ref: { index: 3 } }] });
  expect(next.replay.failures).toEqual([]);
  // Stopped once more, before it has got to that.
  next.save(progress(6, [3]));
  next.close();
  const third = await open();
  expect(third.replay.failures).toEqual([]);
  third.write([{ name, fixture }], progress(6, [3]));
  third.save(progress(6));
  third.close();
  const last = await open();
  expect(last.from).toMatchObject({ next: 6, writing: [], pending: [] });
  expect(last.replay.failures).toMatchObject([{ name, signature: fixture.expected.signature }]);
  last.close();
});

it("goes on where cases or deaths are left, and else begins again", async () => {
  const from = async (cases: number) => {
    const folder = await HuntFolder.open(settings("counted", cases), engine);
    folder.close();
    return folder.from.next;
  };
  const first = await HuntFolder.open(settings("counted", 9), engine);
  first.save(progress(7));
  first.close();
  expect([await from(9), await from(8), await from(7)]).toEqual([7, 7, 0]);
  const second = await HuntFolder.open(settings("counted", 9), engine);
  second.save(progress(9, [8]));
  second.close();
  expect([await from(9), await from(20)]).toEqual([9, 9]);
});

it("leaves alone how far a longer hunt has got, where fewer cases are asked for", async () => {
  const longer = await HuntFolder.open(settings("longer", 9), engine);
  longer.save(progress(9, [8]));
  longer.close();
  const shorter = await HuntFolder.open(settings("longer", 4), engine);
  expect(shorter.from.next).toBe(0);
  shorter.save(progress(2));
  shorter.close();
  for (const [cases, next] of [
    [4, 2],
    [9, 9],
  ] as const) {
    const folder = await HuntFolder.open(settings("longer", cases), engine);
    expect(folder.from.next).toBe(next);
    folder.close();
  }
});

it("removes what a killed hunt left half written, and nothing else", async () => {
  const out = join(root, "leftovers");
  mkdirSync(join(out, ".nanproof"), { recursive: true });
  const id = "forward-recurrence-overflow-relu-92253bf5a3fc";
  for (const half of [
    `${id}.bin`,
    ".nanproof-2147483646-0123456789ab.tmp",
    ".nanproof/lock.11111111-2222-3333-4444-555555555555",
  ])
    writeFileSync(join(out, half), "");
  mkdirSync(join(out, ".nanproof-a1B2c3"));
  // A fixture that somebody gave a name of his own, and the file that it names.
  const binary = "update-update-overflow-relu-0123456789ab.bin";
  const values = Buffer.alloc(4);
  const sha256 = createHash("sha256").update(values).digest("hex");
  const mine = { ...fixture, binary: { file: binary, bytes: 4, sha256 } };
  writeFileSync(join(out, "mine.json"), JSON.stringify(mine));
  writeFileSync(join(out, binary), values);
  for (const other of ["notes.txt", "data.bin", ".nanproof/notes"]) writeFileSync(join(out, other), "");
  // Of that name, but no file: left alone.
  mkdirSync(join(out, "forward-recurrence-overflow-relu-000000000000.bin"));
  (await HuntFolder.open(settings("leftovers", 9), engine)).close();
  expect(readdirSync(out).sort()).toEqual([
    ".nanproof",
    "data.bin",
    "forward-recurrence-overflow-relu-000000000000.bin",
    "mine.json",
    "notes.txt",
    binary,
  ]);
  expect(readdirSync(join(out, ".nanproof"))).toEqual(["notes"]);
});
