import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { UsageError } from "../../../documents/errors.ts";
import { programFile, typeScriptLoader } from "../../../package.ts";
import { presets } from "../cases/presets.ts";
import { type FixOptions, loadFix, type UsersFix } from "./fixModule.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-fix-"));
const opened: UsersFix[] = [];
afterEach(async () => {
  for (const fix of opened.splice(0)) await fix.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function module(source: string, ending = "mjs"): string {
  const path = join(folder, `fix-${files++}.${ending}`);
  writeFileSync(path, source);
  return path;
}

async function load(path: string, options?: FixOptions): Promise<UsersFix> {
  const fix = await loadFix(path, options);
  opened.push(fix);
  return fix;
}

const { published } = presets;

/** The message and hint of a UsageError that names the module. */
async function refusal(path: string, options?: FixOptions): Promise<string> {
  try {
    await (await load(path, options)).apply(published);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    const { message, hint } = error as UsageError;
    expect(message).toContain(path);
    return `${message}; ${hint}`;
  }
  throw new Error(`${path} is taken`);
}

describe("a user's own fix", () => {
  it("is the function that the module exports, named after the file", async () => {
    const path = module("export const fix = (c) => ({ ...c, model: { ...c.model, cellClip: 50 } });");
    const fix = await load(path);
    expect(fix).toMatchObject({ name: "fix-0.mjs", acts: "as-changed" });
    expect(await fix.apply(published)).toEqual({
      ...published,
      model: { ...published.model, cellClip: 50 },
    });
  });

  it("cannot change the case that it is given", async () => {
    const fix = await load(module("export function fix(c) { c.model.cellClip = 50; return c; }"));
    expect((await fix.apply(published)).model.cellClip).toBe(50);
    expect("cellClip" in published.model).toBe(false);
  });

  it("gets every bit of a case, and gives it back", async () => {
    const fix = await load(module("export const fix = (c) => c;"));
    const init = { ...published.init, kind: "glorot" as const, seed: "\ud800\u2028", scale: 0.1 + 0.2 };
    const given = { ...published, init, model: { ...published.model, forgetBias: -0 } };
    const back = await fix.apply(given);
    expect(Object.is(back.model.forgetBias, -0)).toBe(true);
    expect(back).toEqual(given);
  });

  it("in TypeScript is loaded on every Node, with what it imports", async () => {
    const strength = basename(module("export enum Clip { At = 7 }", "ts"), ".ts");
    const source = `import { Clip } from "./${strength}.ts";
interface Case { model: object }
export const fix = (c: Case): Case => ({ ...c, model: { ...c.model, cellClip: Clip.At satisfies number } });`;
    for (const ending of ["ts", "mts"])
      expect((await (await load(module(source, ending))).apply(published)).model.cellClip).toBe(7);
  });

  const UNLOADABLE: [what: string, source: string, says: RegExp][] = [
    ["exports no fix", "export const fixes = 1, other = 2;", /exports no fix, but fixes, other;/],
    ["exports nothing", "", /exports no fix, but nothing;/],
    ["exports fix as a number", "export const fix = 3;", /exports fix as 3;/],
    [
      "exports fix as what cannot be looked at",
      "export const fix = new Proxy({}, { ownKeys() { throw 1; } });",
      /exports fix as something that cannot be shown;/,
    ],
    ["exports it as default", "export default (c) => c;", /exports no fix, but default;/],
    ["is no JavaScript", "export const fix = (", /cannot be loaded: .*syntax/i],
    ["throws when it is loaded", "throw new Error('not\\ntoday')", /cannot be loaded: Error: not today;/],
    [
      "throws what cannot be shown",
      "throw Object.defineProperty(new Error(), 'message', { get() { throw 1; } })",
      /cannot be loaded: something that cannot be shown;/,
    ],
    ["imports what is not there", "import './missing.mjs'", /cannot be loaded: Error: Cannot find module /],
    ["ends the process", "process.exit(0)", /its process ended with exit code 0 while it was loaded; .*exit/],
    ["aborts", "process.abort()", /its process ended with SIGABRT while it was loaded;/],
    [
      "sends messages of its own",
      "process.send({ kind: 'load' }); process.send('made'); process.exit(3)",
      /its process ended with exit code 3/,
    ],
  ];
  it.each(UNLOADABLE)("%s", async (_, source, says) => {
    expect(await refusal(module(source))).toMatch(says);
  });

  it.each([
    ["a loop", "for (;;);"],
    ["an await", "await new Promise(() => {});"],
    ["a timer", "await new Promise(() => setInterval(() => {}, 10));"],
  ])("that never ends to load, for %s, is ended", async (_, source) => {
    expect(await refusal(module(source), { patienceMs: 300 })).toMatch(
      /did not load within 0\.3 s; look for a loop, an await or a timer without end in it$/,
    );
  });

  it("is not there, or is no file that can be read", async () => {
    const loop = join(folder, "loop.mjs");
    symlinkSync(loop, loop);
    const paths: [string, RegExp][] = [
      [join(folder, "none.mjs"), /none\.mjs: there is no such file$/],
      [folder, /: is no file$/],
      [loop, /: cannot be read \(ELOOP\)$/],
      [join(folder, `${"x".repeat(5000)}.mjs`), /: cannot be read \(ENAMETOOLONG\)$/],
      [join(module(""), "within.mjs"), /: cannot be read \(ENOTDIR\)$/],
    ];
    for (const [path, says] of paths) await expect(loadFix(path), path.slice(0, 80)).rejects.toThrow(says);
  });

  it("tells what it prints line by line, and that it goes on without end", async () => {
    const lines: string[] = [];
    const source = `console.log("one\\ntwo"); console.error("three"); process.stdout.write("four");
for (let i = 0; i < 3000; i++) console.log("more");
export const fix = (c) => c;`;
    const fix = await load(module(source), { onPrint: (line) => lines.push(line) });
    await fix.close();
    expect(lines).toEqual(expect.arrayContaining(["one", "two", "three", "fourmore", "more"]));
    expect(lines.filter((line) => /left out/.test(line))).toHaveLength(1);
    expect(lines.length).toBeLessThan(1010);
  });

  it("that does not return is ended, and so is the next call", async () => {
    const fix = await load(module("export const fix = () => { for (;;); };"), { patienceMs: 300 });
    for (const _ of ["once", "twice"])
      await expect(fix.apply(published)).rejects.toThrow(/fix did not return within 0\.3 s$/);
  });

  it("that ends its process is refused, and so is the next call", async () => {
    const fix = await load(module("export const fix = () => process.exit(0);"));
    for (const _ of ["once", "twice"])
      await expect(fix.apply(published)).rejects.toThrow(
        /its process ended with exit code 0 while it was called$/,
      );
  });

  it("that cannot take one case takes the next", async () => {
    const fix = await load(module("export const fix = (c) => { if (c.steps === 1) throw 1; return c; };"));
    await expect(fix.apply({ ...published, steps: 1 })).rejects.toThrow(/fix threw: 1$/);
    expect(await fix.apply({ ...published, steps: 2 })).toMatchObject({ steps: 2 });
  });

  it("is closed while it is called: the call ends", async () => {
    const fix = await load(module("export const fix = () => { for (;;); };"));
    const call = expect(fix.apply(published)).rejects.toThrow(/ended with SIGKILL/);
    await fix.close();
    await call;
  });

  it("in a loop ends when the process that asked is killed", async () => {
    const path = module("console.log(process.pid); for (;;);");
    const loader = `import(${JSON.stringify(resolve("src/programs/lstm/fixes/fixModule.ts"))}).then(({ loadFix }) =>
      loadFix(${JSON.stringify(path)}, { onPrint: console.log }))`;
    const parent = execa(process.execPath, ["--import", "tsx", "-e", loader], { reject: false });
    const [line] = await once(parent.stdout, "data");
    const child = Number(String(line));
    expect(isAlive(child)).toBe(true);
    parent.kill("SIGKILL");
    await parent;
    await expect.poll(() => isAlive(child), { timeout: 60_000 }).toBe(false);
  });

  it("ends where the process that asked was gone before its program was up", async () => {
    // Its parent is not the process whose number it is given, as where that one has been killed meanwhile.
    const program = fork(programFile("programs/lstm/fixes/fixProgram"), ["1"], {
      execArgv: ["--import", typeScriptLoader()],
      serialization: "advanced",
    });
    program.send({ kind: "load", path: module("for (;;);") });
    const [, signal] = await once(program, "exit");
    expect(signal).toBe("SIGKILL");
  });

  const UNUSABLE: [what: string, fix: string, says: RegExp][] = [
    ["makes a promise that fails", "() => Promise.reject(new Error('late'))", /is a promise, not a case;/],
    ["throws", "() => { throw new TypeError('no layers') }", /fix threw: TypeError: no layers;/],
    ["returns nothing", "() => {}", /is no valid case: the document is missing/],
    ["is async", "async (c) => c", /is a promise, not a case;/],
    [
      "has a getter that throws",
      "(c) => ({ ...c, get model() { throw new Error('looked at'); } })",
      /what fix made cannot be read: Error: looked at;/,
    ],
    [
      "is a proxy that throws",
      "(c) => new Proxy(c, { has() { throw 1; }, get() { throw 2; } })",
      /cannot be read: [12];/,
    ],
    [
      "invents a field",
      "(c) => ({ ...c, clip: 1 })",
      /is no valid case: the document has the unknown key "clip"/,
    ],
    [
      "gives a bad value",
      "(c) => ({ ...c, model: { ...c.model, cellClip: -1 } })",
      /is no valid case: model\.cellClip is -1: give a number over 0 as float32 holds it/,
    ],
    [
      "depends on chance",
      "(c) => ({ ...c, steps: Math.ceil(1e6 * Math.random()) })",
      /differs from one call to/,
    ],
    [
      "counts its calls",
      "(c) => ({ ...c, steps: ++globalThis.calls || (globalThis.calls = 1) })",
      /differs from/,
    ],
  ];
  it.each(UNUSABLE)("%s", async (_, source, says) => {
    expect(await refusal(module(`export const fix = ${source};`))).toMatch(says);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
