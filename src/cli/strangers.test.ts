import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { shellWord } from "../documents/printable.ts";
import { hostileLines } from "../documents/testing/hostileText.ts";
import { Commands, type Outcome } from "./testing/commands.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Text that a stranger would like to see in a log. */
const PLANTED =
  "planted\n::error::planted\r\n##[error]planted\x1b]0;planted\x07\x9b31m\u202eplanted\u2028::error::planted";
/** The same as the name of a file. */
const NAME = PLANTED.replaceAll("/", "");

const cwd = mkdtempSync(join(tmpdir(), "nanproof-strangers-"));
const commands = new Commands(300_000);
afterAll(() => {
  commands.close();
  rmSync(cwd, { recursive: true, force: true });
});

/** Commands that read a fixture as replay does. */
const OTHERS = [
  ["shrink", "gated/f.json"],
  ["explain", "gated/f.json", "--time", "100ms"],
  ["remedy", "gated/f.json", "--time", "100ms"],
];

/** Runs a command that meets the planted text, and checks that it shows it without obeying it. */
async function check(...args: string[]): Promise<Outcome> {
  const outcome = await commands.run(cwd, args);
  const { exitCode, stdout, stderr } = outcome;
  const seen = { args, exitCode, stderr, lines: hostileLines(stdout).concat(hostileLines(stderr)) };
  expect(seen).toMatchObject({
    lines: [],
    exitCode: expect.toSatisfy((code) => [0, 1, 2, 3].includes(code)),
  });
  expect(stderr).not.toMatch(/^\s+at /m);
  if (args.includes("--json") && stdout !== "") JSON.parse(stdout);
  return outcome;
}

/** Every document that is a given one with the planted text in the place of one of its texts, or as a key more. */
function* planted(json: Json): Generator<Json> {
  if (typeof json === "string") yield PLANTED;
  if (Array.isArray(json)) {
    // Of a long list the ends will do.
    for (const i of new Set([0, json.length - 1]))
      if (json[i] !== undefined) for (const item of planted(json[i])) yield json.with(i, item);
  } else if (typeof json === "object" && json !== null) {
    yield { ...json, [PLANTED]: 1 };
    for (const [key, value] of Object.entries(json))
      for (const item of planted(value)) yield { ...json, [key]: item };
  }
}

const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as { [key: string]: Json };
const write = (path: string, json: Json) => writeFileSync(join(cwd, path), JSON.stringify(json));
const inFixtures = (name: string) =>
  join("fixtures", readdirSync("fixtures").find((file) => file.startsWith(name)) ?? "");

const step = read(inFixtures("backward-backward-overflow"));
const ofRun = read(inFixtures("forward-recurrence-overflow-relu-d700"));
const recording = read("fixtures/recordings/finished-row-beside-an-equal-one.json");
const domain: Json = {
  layers: { count: { min: 1, max: 1 }, activations: ["relu"] },
  units: { min: 2, max: 2, each: "run" },
  rows: { min: 1, max: 1 },
  time: { min: 2, max: 2 },
  batches: { min: 1, max: 1 },
  steps: { min: 1, max: 1 },
  layouts: ["none"],
};
const readsText = {
  kind: "text",
  source: { kind: "file", path: PLANTED },
  seed: "1",
  maxLength: 8,
  batch: 2,
  sentences: 10,
  vocabulary: 10,
  unknown: "zero",
  validation: 0,
  embedding: { kind: "random", seed: "1", scale: 1 },
};

describe("the text of a stranger is shown, not obeyed", { timeout: 600_000 }, () => {
  const files = { file: "a.bin", bytes: 4, sha256: "0".repeat(64) };
  it.each<[string, Json, (part: Json) => Json]>([
    ["a fixture of a step", step, (whole) => whole],
    ["a fixture of a run", ofRun, (whole) => whole],
    [
      "the text that a fixture reads",
      readsText,
      (data) => ({ ...ofRun, case: { ...(ofRun.case as object), data } as Json }),
    ],
    ["the file beside a fixture", files, (binary) => ({ ...step, binary })],
  ])("in every field of %s", async (_, part, within) => {
    mkdirSync(join(cwd, "gated"), { recursive: true });
    let count = 0;
    for (const json of [part, ...planted(part)]) {
      write("gated/f.json", within(json));
      const asJson = count++ % 2 ? ["--json"] : [];
      const command =
        count % 3 ? ["replay", "gated/f.json"] : ["gate", "--fixtures", "gated", "--budget", "0"];
      const { exitCode } = await check(...command, ...asJson);
      // One that is taken would be shrunk, which takes its time. The others read it alike, and take turns.
      if (exitCode === 2) await check(...(OTHERS[count % OTHERS.length] ?? []), ...asJson);
    }
    expect(count).toBeGreaterThan(Object.keys(part as object).length);
  });

  it("in every field of a recording", async () => {
    for (const json of planted(recording)) {
      write("recording.json", json);
      await check("compare", "recording.json");
      await check("compare", "recording.json", "--json");
    }
    const named = { ...recording, case: { ...(recording.case as object), name: PLANTED } };
    write("recording.json", named);
    expect((await check("compare", "recording.json")).stdout).toContain(
      "planted\\n::error::planted\\r\\n#\\x23[error]",
    );
    const { stdout } = await check("compare", "recording.json", "--json");
    expect(JSON.parse(stdout)).toMatchObject([{ name: PLANTED }]);
  });

  it("in every field of a domain", async () => {
    for (const json of planted(domain)) {
      write("domain.json", json);
      expect((await check("hunt", "--domain", "domain.json", "--cases", "1")).exitCode).toBe(2);
    }
  });

  it("in all that a fix may say", async () => {
    const text = JSON.stringify(PLANTED);
    const modules = [
      `throw new Error(${text});`,
      `throw ${text};`,
      `export const a = 1; export { a as ${text} };`,
      `export const fix = ${text};`,
      `export const fix = () => { throw Object.assign(new Error(${text}), { name: ${text} }); };`,
      `export const fix = (c) => ({ ...c, [${text}]: 1 });`,
      `export const fix = (c) => ({ ...c, init: { ...c.init, kind: ${text} } });`,
      `console.log(${text}); process.stderr.write(${text}); export const fix = (c) => c;`,
      `import ${text};`,
    ];
    mkdirSync(join(cwd, "one"));
    write("one/f.json", step);
    for (const [i, source] of modules.entries()) {
      writeFileSync(join(cwd, `fix-${i}.mjs`), source);
      const { stderr } = await check(
        "gate",
        "--fixtures",
        "one",
        "--subject",
        `fix-${i}.mjs`,
        "--budget",
        "0",
        "--json",
      );
      expect(stderr, source).toContain("planted");
    }
  });

  it("in a text, and in what it is called", async () => {
    const text = `${PLANTED} The ${PLANTED} sat. ${PLANTED}!\n`;
    writeFileSync(join(cwd, NAME), text);
    const train = [
      "train",
      "--text",
      NAME,
      "--units",
      "2",
      "--layers",
      "tanh",
      "--epochs",
      "1",
      "--validation",
      "0",
    ];
    expect((await check(...train)).stderr).toContain("planted\\n");
    await check(...train, "--json");
    expect((await check(...train, "--embedding", "wink", "--units", "100")).exitCode).toBe(2);
    writeFileSync(join(cwd, `${NAME}.bad`), `\xff${text}`, "latin1");
    expect((await check("train", "--text", `${NAME}.bad`)).stderr).toContain(shellWord(`${NAME}.bad`));
    writeFileSync(join(cwd, `${NAME}.one`), PLANTED.slice(0, 7));
    expect((await check("train", "--text", `${NAME}.one`)).exitCode).toBe(2);
  });

  it("in what fixtures, folders and everything else are called; a path can be pasted", async () => {
    const folder = `${NAME}s`;
    mkdirSync(join(cwd, folder, NAME), { recursive: true });
    const path = join(folder, NAME, `${NAME}.json`);
    write(path, step);
    write(`${path}.txt`, "{");
    const word = shellWord(path);
    expect((await check("replay", path)).stdout).toContain(`reproduced: ${word} dies`);
    expect((await check("replay", path, "--update")).stderr).toContain(`updated ${word}`);
    expect((await check("replay", `${path}.txt`)).stderr).toContain(shellWord(`${path}.txt`));
    const gate = ["gate", "--fixtures", join(folder, NAME), "--budget", "0", "--subject"];
    expect((await check(...gate, "published-clip")).stdout).toContain(`npx nanproof replay ${word}`);
    const { stdout } = await check(...gate, "published-clip", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ failed: [{ fixture: path }] });
    expect((await check("shrink", path, "--candidates", "1")).stdout).toContain(word);
    write(path, { ...step, expected: { ...(step.expected as object), step: 7 } });
    expect((await check("shrink", path, "--candidates", "1", "--out", folder)).stdout).toContain(
      shellWord(folder).slice(0, -1),
    );
    writeFileSync(join(cwd, `${NAME}.mjs`), "export const fix = (c) => c;");
    expect((await check(...gate, `./${NAME}.mjs`)).stdout).toContain(shellWord(`${NAME}.mjs`));
    for (const file of [folder, `${folder}/none`, `${NAME}.none`]) {
      await check("compare", file);
      await check("replay", file);
      await check("shrink", file);
      await check("gate", "--subject", file);
      await check("gate", "--fixtures", `${file}.no`);
      await check("hunt", "--domain", file, "--cases", "1");
      await check("train", "--text", file);
      await check("train", "--sentences", "1", "--out", `${path}/below`);
      await check("train", "--sentences", "1", "--tensorboard", path);
    }
  });

  it("in what a hunt saved, and where it writes", async () => {
    const out = `${NAME} out`;
    write("deadly.json", {
      ...domain,
      units: { min: 8, max: 8, each: "run" },
      time: { min: 48, max: 64 },
      steps: { min: 60, max: 60 },
      learningRate: { min: 0.1, max: 0.3 },
    });
    const hunt = [
      "hunt",
      "--domain",
      "deadly.json",
      "--workers",
      "1",
      "--time",
      "2s",
      "--no-shrink",
      "--out",
      out,
    ];
    const first = await check(...hunt);
    expect(first.stdout).toContain("hunt --domain deadly.json");
    const saved = join(cwd, out, ".nanproof");
    const files = readdirSync(saved);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const all = [...planted(read(join(saved, file)))];
      for (const json of [all[0], all[Math.floor(all.length / 2)], all.at(-1)]) {
        writeFileSync(join(saved, file), JSON.stringify(json));
        await check(...hunt, "--json");
      }
    }
  });

  it.each(["train", "hunt", "replay", "gate", "shrink", "explain", "remedy", "compare", "doctor", "bench"])(
    "in the arguments of %s",
    async (command) => {
      const flags = ["engine", "out", "seed", "preset", "units", "time", "cases", "sizes", "subject", "json"];
      for (const flag of flags) {
        expect((await check(command, `--${flag}=${PLANTED}`, "--no-such-flag")).exitCode).toBe(2);
        expect((await check(command, `--${flag}`, PLANTED, PLANTED)).exitCode).toBe(2);
      }
      expect((await check(command, `--${PLANTED}`)).exitCode).toBe(2);
    },
  );

  it("in the name of a command", async () => {
    expect((await check(PLANTED)).stderr).toMatch(/^nanproof: there is no command /);
  });
});
