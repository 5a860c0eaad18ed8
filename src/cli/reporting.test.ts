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
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BuildReport } from "../reporters/build/buildReport.ts";
import { githubAnnotations } from "../reporters/build/github.ts";
import { junitXml } from "../reporters/build/junit.ts";
import { markdownReport } from "../reporters/build/markdown.ts";
import { runNanproof } from "./testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-reporting-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const committed = readdirSync("fixtures").filter((name) => name.endsWith(".json"));
const of = (part: string) => committed.find((name) => name.includes(part)) ?? "";
/** One that dies under clipping, one that only a run can judge. */
const FIXTURE = of("92253bf5a3fc");
const RUN = of("d700ba52eb45");
beforeAll(() => {
  mkdirSync(join(cwd, "my deaths"));
  for (const name of [FIXTURE, RUN]) copyFileSync(join("fixtures", name), join(cwd, "my deaths", name));
});

const nanproof = (args: string[], env: Record<string, string> = {}) =>
  runNanproof(args, { cwd, env: { GITHUB_ACTIONS: "", GITHUB_STEP_SUMMARY: "", ...env } });
const GATE = ["gate", "--fixtures", "my deaths", "--subject", "published-clip", "--budget", "0"];

/** Elements and attributes that the schema of Jenkins' xUnit plugin (junit-10.xsd) knows. */
const JENKINS: Readonly<Record<string, readonly string[]>> = {
  testsuites: ["name", "time", "tests", "failures", "errors"],
  testsuite: ["name", "tests", "failures", "errors", "skipped", "time", "timestamp", "id"],
  testcase: ["name", "time", "classname", "group"],
  failure: ["type", "message"],
  skipped: ["type", "message"],
  "system-out": [],
};

function expectJenkins(xml: string): void {
  expect(xml).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>/);
  const bare = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, "").replace(/"[^"]*"/g, "");
  expect(bare).not.toContain("]]>");
  const tags = [
    ...xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, "").matchAll(/<([a-z-]+)((?: [a-z]+="[^"]*")*)\/?>/g),
  ];
  expect(tags.length).toBeGreaterThan(2);
  for (const [, name = "", attributes = ""] of tags) {
    expect(Object.keys(JENKINS)).toContain(name);
    for (const [, attribute] of attributes.matchAll(/ ([a-z]+)="/g))
      expect(JENKINS[name]).toContain(attribute);
  }
}

describe("--reporter", () => {
  it("junit is a document that Jenkins takes, on stdout alone", async () => {
    const { exitCode, stdout } = await nanproof([...GATE, "--reporter", "junit"]);
    expect(exitCode).toBe(1);
    expectJenkins(stdout);
    expect(stdout).toContain('name="nanproof gate published-clip"');
    expect(stdout).toContain('tests="2" failures="1" errors="0" skipped="1"');
    expect(stdout).toContain("with published-clip it still dies of forward/recurrence-overflow/relu");
    expect(stdout).toContain("npx nanproof replay &apos;my deaths/".replaceAll("&apos;", "'"));
  });

  it("goes to files beside what is printed, several at once", async () => {
    const files = [
      "junit=out.xml",
      "json=out.json",
      "markdown=out.md",
      "github=out.txt",
      "pretty=out.pretty",
    ];
    const { stdout } = await nanproof([...GATE, ...files.flatMap((file) => ["--reporter", file])]);
    expect(stdout).toMatch(/^failed {6}'my deaths\//);
    const read = (name: string) => readFileSync(join(cwd, name), "utf8");
    expect(read("out.pretty")).toBe(`${stdout}\n`);
    expectJenkins(read("out.xml"));
    expect(JSON.parse(read("out.json")).failed).toMatchObject([{ fixture: `my deaths/${FIXTURE}` }]);
    expect(read("out.md")).toContain(`| **failed** | \`my deaths/${FIXTURE}\` |`);
    expect(read("out.txt")).toMatch(
      /^::error file=my deaths\/.*,line=1,title=nanproof gate%3A failed::with /,
    );
  });

  it("github is on by itself on GitHub Actions, beside a JSON document on stderr, and adds to the summary", async () => {
    writeFileSync(join(cwd, "summary.md"), "of another step\n");
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(cwd, "summary.md") };
    const { exitCode, stdout, stderr } = await nanproof([...GATE, "--json"], env);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).subject).toBe("published-clip");
    expect(stderr).toMatch(/^::error file=my deaths\//m);
    expect(stderr).toMatch(/^::warning file=my deaths\//m);
    const summary = readFileSync(join(cwd, "summary.md"), "utf8");
    expect(summary).toMatch(/^of another step\n## nanproof gate `published-clip`\n/);
    const printed = await nanproof(GATE, env);
    expect(printed.stdout).toMatch(/^::error /m);
    expect(printed.stdout).toMatch(/^failed /m);
  });

  it("is not stopped by a summary that cannot be written", async () => {
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(cwd, "missing/summary.md") };
    const { exitCode, stderr } = await nanproof(["replay", join("my deaths", FIXTURE)], env);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("warning: the job's summary cannot be written (");
  });

  it.each([
    ["replay", ["replay", join("my deaths", FIXTURE)], 'classname="nanproof.replay"'],
    ["compare", ["compare", resolve("fixtures/recordings/tiny.json")], 'classname="nanproof.compare"'],
    ["hunt", ["hunt", "--cases", "3", "--domain", "low-rate", "--confirm", "explorer"], "3 cases"],
  ])("is taken by %s", async (_, args, says) => {
    if (args[0] === "compare") {
      const [name = ""] = readdirSync("fixtures/recordings").filter((file) => file.endsWith(".json"));
      args[1] = resolve("fixtures/recordings", name);
    }
    const { exitCode, stdout } = await nanproof([...args, "--reporter", "junit"]);
    expect([0, 1]).toContain(exitCode);
    expectJenkins(stdout);
    expect(stdout).toContain(says);
  });

  it.each([
    [["--reporter", "junit", "--json"], "junit and json are both asked for on stdout"],
    [["--reporter", "xml"], '--reporter is "xml": give one of pretty, json, junit, github, markdown'],
    [["--reporter", "junit=missing/out.xml"], 'there is no folder "missing"'],
  ])("%s is wrong use, before anything is run", async (more, says) => {
    const { exitCode, stdout, stderr } = await nanproof([...GATE, ...more]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(says);
  });
});

describe("strangers' text", () => {
  const PLANTED = "a\n::error::b\r%0A|`<b>]]>\ufffe\u0007*x*,c:d";
  const report: BuildReport = {
    command: "gate",
    title: PLANTED,
    summary: PLANTED,
    items: [
      {
        ...{ name: PLANTED, file: PLANTED, line: 3, outcome: "failed", kind: PLANTED },
        ...{ message: PLANTED, details: [PLANTED] },
      },
    ],
  };

  it("commands nothing of GitHub's runner", () => {
    const lines = githubAnnotations(report);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe(
      "::error file=a\\n%3A%3Aerror%3A%3Ab\\r%250A|`<b>]]>\ufffe\\x07*x*%2Cc%3Ad,line=3,title=nanproof gate%3A a\\n%3A%3Aerror%3A%3Ab\\r%250A|`<b>]]>\ufffe\\x07*x*%2Cc%3Ad::a\\n::error::b\\r%250A|`<b>]]>\ufffe\\x07*x*,c:d%0Aa\\n::error::b\\r%250A|`<b>]]>\ufffe\\x07*x*,c:d",
    );
    for (const line of lines) expect(line).not.toMatch(/[\n\r]/);
  });

  it("is well-formed XML, without what XML cannot write", () => {
    const xml = junitXml(report);
    expectJenkins(xml);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
    expect(xml).toContain("a\\n::error::b\\r%0A|`&lt;b>]]>\\x07*x*,c:d");
  });

  it("is no markup in Markdown", () => {
    const text = markdownReport(report).join("\n");
    expect(text).toContain("a\\\\n::error::b\\\\r%0A\\|\\`&lt;b>\\]\\]>");
    expect(
      text.split("\n").filter((line) => line.includes("<b>") && !/`` .*<b>.* ``|^ {4}/.test(line)),
    ).toEqual([]);
  });
});
