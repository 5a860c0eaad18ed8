import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../../documents/errors.ts";
import { scriptArguments } from "../run/workers/script.ts";
import { lockFolder } from "./lock.ts";
import { startOf } from "./processIdentity.ts";

const root = mkdtempSync(join(tmpdir(), "nanproof-lock-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
let count = 0;
beforeEach(() => {
  folder = join(root, `folder-${count++}`);
});

const lock = (number = 1) => join(folder, ".nanproof", `lock-${number}`);
const own = { pid: process.pid, start: startOf(process.pid), machine: hostname() };
function plant(holder: unknown): void {
  mkdirSync(join(folder, ".nanproof"), { recursive: true });
  writeFileSync(lock(), typeof holder === "string" ? holder : JSON.stringify(holder));
}
/** The id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = execa(process.execPath, ["-e", ""]);
  await child;
  return child.pid as number;
}
function refusal(): UsageError {
  try {
    lockFolder(folder)();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error("the folder was not locked");
}
const isFree = () => {
  const release = lockFolder(folder);
  const held = readdirSync(join(folder, ".nanproof"));
  release();
  return held;
};

describe("the lock of a folder", () => {
  it("names the process that holds it, and leaves nothing behind", () => {
    const release = lockFolder(folder);
    expect(JSON.parse(readFileSync(lock(), "utf8"))).toEqual(own);
    const { message, code, hint } = refusal();
    expect(message).toContain(`${folder}: process ${process.pid} is hunting there`);
    expect(code).toBe("NANPROOF_E_LOCKED");
    expect(hint).toContain(lock());
    release();
    expect(existsSync(folder)).toBe(false);
    expect(isFree()).toEqual(["lock-1"]);
  });

  it("leaves a folder that was there, and what has come into a new one", () => {
    mkdirSync(folder);
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
    const release = lockFolder(folder);
    writeFileSync(join(folder, ".nanproof", "progress"), "");
    release();
    expect(readdirSync(join(folder, ".nanproof"))).toEqual(["progress"]);
  });

  it("of a process that is gone is taken over", async () => {
    plant({ ...own, pid: await deadPid() });
    expect(isFree()).toEqual(["lock-2"]);
    expect(existsSync(join(folder, ".nanproof"))).toBe(false);
  });

  it("of a process whose number another has now is taken over", () => {
    expect(own.start).not.toBeNull();
    plant({ ...own, start: "of another time" });
    expect(isFree()).toEqual(["lock-2"]);
  });

  it("of a process that tells no start counts while that number lives", () => {
    plant({ ...own, start: null });
    expect(refusal().message).toContain(`process ${process.pid}`);
  });

  it("of a killed process is taken over, even while nobody has asked after that one", async () => {
    // A shell that has become another program never asks after its children.
    const parent = execa("sh", [
      "-c",
      `${process.execPath} -e 'setInterval(()=>{},1e3)' & echo $!; exec sleep 1000`,
    ]);
    const line = await new Promise<string>((resolve) =>
      createInterface({ input: parent.stdout }).once("line", resolve),
    );
    const pid = Number(line);
    plant({ ...own, pid, start: null });
    expect(refusal().message).toContain(`process ${pid}`);
    process.kill(pid, "SIGKILL");
    await expect
      .poll(
        () => {
          try {
            return isFree();
          } catch {
            return null;
          }
        },
        { timeout: 30_000 },
      )
      .toEqual(["lock-2"]);
    parent.kill("SIGKILL");
    await parent.catch(() => {});
  });

  it("of another machine counts as long as it is touched now and then", () => {
    plant({ ...own, machine: "elsewhere", pid: 1 });
    expect(refusal().message).toContain("process 1 on elsewhere");
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(lock(), longAgo, longAgo);
    expect(isFree()).toEqual(["lock-2"]);
  });

  it.each(["", "{", "[]", '{"pid":-1}', '{"pid":1,"start":null,"machine":5}'])(
    "that says %j says nothing: its writer was killed at it",
    (text) => {
      plant(text);
      expect(isFree()).toEqual(["lock-2"]);
    },
  );
});

it("of many that take over a stale lock at the same time one gets it", async () => {
  plant({ ...own, pid: await deadPid() });
  const script = { url: new URL("../testing/lockOnce.ts", import.meta.url) };
  const starting = Array.from({ length: 6 }, () =>
    execa(process.execPath, [...scriptArguments(script), folder]),
  );
  const lines = starting.map((child) => createInterface({ input: child.stdout })[Symbol.asyncIterator]());
  const nextLines = async () =>
    (await Promise.all(lines.map((line) => line.next()))).map(({ value }) => value);
  expect(new Set(await nextLines())).toEqual(new Set(["ready"]));
  for (const child of starting) child.stdin.write("now\n");
  const said = await nextLines();
  expect(said.filter((line) => line === "locked")).toHaveLength(1);
  const winner = starting[said.indexOf("locked")];
  for (const line of said.filter((other) => other !== "locked"))
    expect(line).toContain(`${folder}: process ${winner?.pid} is hunting there`);
  for (const child of starting) child.stdin.end();
  await Promise.all(starting);
  expect(existsSync(join(folder, ".nanproof"))).toBe(false);
});
