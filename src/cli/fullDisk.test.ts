import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { faultyDisk } from "../documents/testing/faultyDisk.ts";
import { mountTinyDisk, type TinyDisk, whyNoTinyDisk } from "../documents/testing/tinyDisk.ts";
import { readFixture } from "../fixtures/store.ts";
import { deadly } from "../hunt/testing/deadly.ts";
import { runNanproof } from "./testing/nanproof.ts";

/** Commands by the dozen, on a machine that may be busy. */
vi.setConfig({ testTimeout: 600_000 });

const cwd = mkdtempSync(join(tmpdir(), "nanproof-full-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
writeFileSync(
  join(cwd, "story.txt"),
  `The cat sat on the mat and saw the dog. A dog ran to the cat and the cat ran to the mat. The mat lay
under the dog. Dogs and cats ran and sat and lay on the mat. The story ends with a cat and a dog on a mat.`,
);
writeFileSync(join(cwd, "deadly.json"), JSON.stringify(deadly));
/** The largest of the fixtures that come with nanproof; its update needs more than the 8 KiB that are left in places. */
const LARGE = resolve("fixtures/forward-discarded-step-overflow-relu-d68c3f0d1362.json");

const nanproof = (args: string[], options: { cwd?: string; env?: Record<string, string> } = {}) =>
  runNanproof(args, { cwd, timeout: 300_000, ...options });
const DYING = [
  "train",
  "--text",
  "story.txt",
  "--units",
  "3",
  "--batch",
  "4",
  "--learning-rate",
  "1000",
  "--json",
];
const hunting = (out: string) => [
  ...[
    "hunt",
    "--domain",
    "deadly.json",
    "--cases",
    "60",
    "--keep",
    "3",
    "--confirm",
    "explorer",
    "--workers",
    "2",
  ],
  ...["--out", out, "--json"],
];

/** Files of a folder by name, without the one that fills it up; folders inside it count by their names. */
function filesIn(folder: string): Record<string, string> {
  const names = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const files = names.filter((entry) => entry.name !== "filler");
  return Object.fromEntries(
    files.map((entry) => [entry.name, entry.isFile() ? readFileSync(join(folder, entry.name), "utf8") : ""]),
  );
}

/** Every fixture of a folder is whole, and nothing else lies there. */
function expectWhole(folder: string): string[] {
  const names = Object.keys(filesIn(folder)).filter((name) => name !== ".nanproof");
  for (const name of names) readFixture(join(folder, name));
  return names;
}

const noDisk = whyNoTinyDisk();
describe.skipIf(noDisk !== null)(`on a full disk${noDisk === null ? "" : ` (skipped: ${noDisk})`}`, () => {
  let disk: TinyDisk;
  beforeEach(() => {
    disk = mountTinyDisk();
  });
  afterEach(() => disk.unmount());

  it.each([0, 4, 8])("replay --update leaves the fixture as it was: %i KiB left", async (kib) => {
    const file = join(disk.folder, "fixture.json");
    copyFileSync(LARGE, file);
    disk.leave(kib);
    const { exitCode, stdout, stderr } = await nanproof(["replay", file, "--update", "--json"]);
    expect(stderr).toContain("[NANPROOF_E_WRITE]");
    expect(stderr).toContain("fixture.json: cannot be written (ENOSPC");
    expect(stderr).not.toContain("updated");
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(filesIn(disk.folder)).toEqual({ "fixture.json": readFileSync(LARGE, "utf8") });
  });

  it("train ends with 2, the path and the reason, and leaves no torn fixture", async () => {
    disk.leave(0);
    const { exitCode, stderr } = await nanproof([...DYING, "--out", disk.folder]);
    expect(stderr).toContain("[NANPROOF_E_WRITE]");
    expect(stderr).not.toContain("on disk whole");
    expect(exitCode).toBe(2);
    expect(filesIn(disk.folder)).toEqual({});
  });

  it("train keeps the death where only its shrunk fixture has room, and still ends with 2", async () => {
    disk.leave(8);
    const { exitCode, stdout, stderr } = await nanproof([...DYING, "--out", disk.folder]);
    expect(stderr).toMatch(/-[0-9a-f]{12}\.json: cannot be written \(ENOSPC/);
    expect(stderr).toContain("not on disk yet");
    expect(exitCode).toBe(2);
    const [name, ...others] = expectWhole(disk.folder);
    expect(others).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "failed",
      fixture: expect.stringContaining(name ?? "none"),
    });
    expect((await nanproof(["replay", join(disk.folder, name ?? "")])).exitCode).toBe(0);
  });

  it("train ends with 2 where its event file has no room, and keeps the death", async () => {
    disk.leave(0);
    const begun = await nanproof([...DYING, "--out", "events", "--tensorboard", join(disk.folder, "events")]);
    expect(begun.stderr).toContain("[NANPROOF_E_TENSORBOARD]");
    expect({ exitCode: begun.exitCode, stdout: begun.stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(readdirSync(join(disk.folder, "events"))).toEqual([]);

    disk.leave(4);
    // A record a step: the file is full long before the end.
    const { exitCode, stdout, stderr } = await nanproof([
      ...["train", "--text", "story.txt", "--units", "3", "--batch", "1", "--epochs", "20", "--json"],
      ...["--tensorboard", join(disk.folder, "more")],
    ]);
    expect(stderr.match(/NANPROOF_E_TENSORBOARD/g)).toHaveLength(1);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ status: "completed", step: 100 });
    const [file] = readdirSync(join(disk.folder, "more"));
    expect(recordsEnd(readFileSync(join(disk.folder, "more", file ?? "")))).toBe("whole");
  });

  it.each([0, 4, 12])(
    "hunt keeps what has room, and finds the rest when there is more: %i KiB left",
    async (kib) => {
      disk.leave(kib);
      const out = join(disk.folder, "out");
      const { exitCode, stderr } = await nanproof(hunting(out));
      // With no room at all it is the lock that fails.
      expect(stderr).toMatch(/(\.json|lock-1): cannot be written \(ENOSPC/);
      expect(stderr).toContain("[NANPROOF_E_WRITE]");
      expect(exitCode).toBe(2);
      expectWhole(out);
      rmSync(join(disk.folder, "filler"));
      expect((await nanproof(hunting(out))).exitCode).toBe(1);
      if (!existsSync(join(cwd, "undisturbed"))) await nanproof(hunting("undisturbed"));
      const { ".nanproof": _, ...found } = filesIn(out);
      const { ".nanproof": __, ...undisturbed } = filesIn(join(cwd, "undisturbed"));
      expect(Object.keys(undisturbed).length).toBeGreaterThan(1);
      expect(found).toEqual(undisturbed);
    },
  );

  it("shrink ends with 2 where it can write down neither how far it is nor what came of it", async () => {
    const long = DYING.map((arg) => (arg === "3" ? "24" : arg));
    await nanproof([...long, "--no-shrink", "--out", "captured"]);
    const [captured] = expectWhole(join(cwd, "captured"));
    copyFileSync(join(cwd, "story.txt"), join(cwd, "captured", "story.txt"));
    disk.leave(0);
    const args = ["shrink", join(cwd, "captured", captured ?? ""), "--out", disk.folder, "--json"];
    for (const more of [[], ["--run", "--candidates", "20"]]) {
      const { exitCode, stdout, stderr } = await nanproof([...args, ...more]);
      expect(stderr).toMatch(/\.json: cannot be written \(ENOSPC/);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(Object.keys(filesIn(disk.folder)).filter((name) => name !== ".nanproof")).toEqual([]);
    }
  });

  it("gate tells of what its hunt found, and ends with 2", async () => {
    disk.leave(0);
    mkdirSync(join(disk.folder, "fixtures"), { recursive: true });
    const { exitCode, stdout, stderr } = await nanproof(
      ["gate", "--fixtures", resolve("fixtures"), "--subject", "published", "--budget", "20s", "--json"],
      { cwd: disk.folder },
    );
    expect(stderr).toMatch(/nanproof-findings\/.*: cannot be written \(ENOSPC/);
    expect(exitCode).toBe(2);
    const { hunt } = JSON.parse(stdout);
    expect(hunt.failures.length).toBeGreaterThan(0);
    for (const { fixture, signature } of hunt.failures)
      expect([fixture, typeof signature]).toEqual([null, "string"]);
  });
});

/** Walks over the records of an event file: length, its checksum, as many bytes, their checksum. */
function recordsEnd(bytes: Buffer): "whole" | "torn" {
  let at = 0;
  while (at + 12 <= bytes.length) at += 8 + 4 + Number(bytes.readBigUInt64LE(at)) + 4;
  return at === bytes.length && at > 0 ? "whole" : "torn";
}

describe("with a disk that takes a few bytes at a time", () => {
  it("train, hunt and replay --update write the same files", async () => {
    const slow = { env: faultyDisk(cwd, { folder: join(cwd, "slow"), mostPerWrite: 97 }) };
    await nanproof([...DYING, "--out", "slow/train"], slow);
    await nanproof([...DYING, "--out", "sound/train"]);
    await nanproof(hunting("slow/hunt"), slow);
    await nanproof(hunting("sound/hunt"));
    for (const out of ["train", "hunt"]) {
      const { ".nanproof": _, ...slowly } = filesIn(join(cwd, "slow", out));
      const { ".nanproof": __, ...soundly } = filesIn(join(cwd, "sound", out));
      expect(Object.keys(soundly).length).toBeGreaterThan(0);
      expect(slowly).toEqual(soundly);
    }
    for (const place of ["slow", "sound"]) copyFileSync(LARGE, join(cwd, place, "large.json"));
    await nanproof(["replay", "slow/large.json", "--update", "--engine", "tfjs-cpu"], slow);
    await nanproof(["replay", "sound/large.json", "--update", "--engine", "tfjs-cpu"]);
    const updated = readFileSync(join(cwd, "sound", "large.json"), "utf8");
    expect(updated).not.toBe(readFileSync(LARGE, "utf8"));
    expect(readFileSync(join(cwd, "slow", "large.json"), "utf8")).toBe(updated);
  });
});

/** Runs a command again and again, killed before the first call that changes the folder, the second, ... until it lives. */
async function killedBeforeEach(
  folder: string,
  args: string[],
  check: (call: number) => void,
): Promise<number> {
  for (let call = 1; ; call++) {
    const env = faultyDisk(cwd, { folder, killBefore: call });
    const { signal } = await nanproof(args, { env });
    check(call);
    if (signal !== "SIGKILL") return call - 1;
  }
}

describe("killed between any two calls of the system", () => {
  it("replay --update leaves the old fixture or the new one, whole", async () => {
    const folder = join(cwd, "killed");
    mkdirSync(folder);
    const file = join(folder, "fixture.json");
    // All on one line: an update lays it out.
    const old = JSON.stringify(JSON.parse(readFileSync(LARGE, "utf8")));
    writeFileSync(file, old);
    const seen = new Set<string>();
    const kills = await killedBeforeEach(folder, ["replay", file, "--update"], () => {
      seen.add(readFileSync(file, "utf8"));
      writeFileSync(file, old);
    });
    for (const name of readdirSync(folder)) expect(name).toMatch(/^fixture\.json$|^\.nanproof-.*\.tmp$/);
    expect(kills).toBeGreaterThan(6);
    expect(seen.size).toBe(2);
    expect(seen).toContain(old);
    for (const text of seen) {
      writeFileSync(file, text);
      readFixture(file);
    }
  });

  it("train leaves whole fixtures only, and a death once it is on disk stays there", async () => {
    const folder = join(cwd, "killed-train");
    let had = false;
    const kills = await killedBeforeEach(folder, [...DYING, "--out", folder], (call) => {
      const names = Object.keys(filesIn(folder)).filter((name) => !/^\.nanproof-.*\.tmp$/.test(name));
      for (const name of names) readFixture(join(folder, name));
      // The next call kills later: what was on disk at this one is there by then, or something better.
      if (had) expect(names.length, `call ${call}`).toBeGreaterThan(0);
      had = names.length > 0;
      rmSync(folder, { recursive: true, force: true });
    });
    expect(kills).toBeGreaterThan(20);
    expect(had).toBe(true);
  });
});
