import { appendFileSync, existsSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../documents/errors.ts";
import { printable, quotedPath, shellText } from "../documents/printable.ts";
import { writeWhole } from "../documents/writeWhole.ts";
import type { BuildReport } from "../reporters/build/buildReport.ts";
import { githubAnnotations } from "../reporters/build/github.ts";
import { junitXml } from "../reporters/build/junit.ts";
import { markdownReport } from "../reporters/build/markdown.ts";
import type { AskedReporter, ReporterName } from "./flags/reporterFlag.ts";
import { announce, jsonText, note, print, printDocument } from "./output.ts";

/** The result of a command for its reporters, at its end. */
export interface CommandResult {
  /** The document of `json`. */
  json: unknown;
  build: BuildReport;
}

/** Forms of which stdout holds one at most: a reader takes all of it for that. */
const DOCUMENTS: readonly ReporterName[] = ["json", "junit", "markdown"];

/** Tells the result of a command in the forms that were asked for. */
export class Reporting {
  readonly #reporters: readonly AskedReporter[];
  /** The lines of `pretty` so far. */
  readonly #lines: string[] = [];
  readonly #env: NodeJS.ProcessEnv;

  /** @throws UsageError when two documents were asked for on stdout, or a file cannot be where it is asked for. */
  constructor({ reporter, json }: { reporter: readonly AskedReporter[]; json: boolean }, env = process.env) {
    this.#env = env;
    const asked = json ? [...reporter, { name: "json" as const, file: null }] : [...reporter];
    checkReporters(asked);
    if (!hasStdout(asked)) asked.push({ name: "pretty", file: null });
    const isOnGithub = env.GITHUB_ACTIONS === "true" && asked.every(({ name }) => name !== "github");
    if (isOnGithub) asked.push({ name: "github", file: null });
    this.#reporters = asked;
  }

  /** True where stdout is left to a document. */
  get isQuiet(): boolean {
    return !this.#reporters.some(({ name, file }) => name === "pretty" && file === null);
  }

  /** Takes a part of the result in plain words, which is printed at once. */
  pretty(lines: readonly string[]): void {
    this.#lines.push(...lines);
    if (!this.isQuiet) print(lines);
  }

  /** Tells the whole of it. @throws UsageError when a file cannot be written. */
  end({ json, build }: CommandResult): void {
    for (const { name, file } of this.#reporters) {
      if (name === "github") this.#github(build, file);
      else if (file !== null) writeWhole(file, `${this.#text(name, { json, build })}\n`);
      else if (name !== "pretty") printDocument(this.#text(name, { json, build }));
    }
  }

  #text(name: Exclude<ReporterName, "github">, { json, build }: CommandResult): string {
    switch (name) {
      case "pretty":
        return this.#lines.map(printable).join("\n");
      case "json":
        return jsonText(json);
      case "junit":
        return junitXml(build).trimEnd();
      case "markdown":
        return markdownReport(build).join("\n").trimEnd();
    }
  }

  #github(build: BuildReport, file: string | null): void {
    const lines = githubAnnotations(build);
    if (file !== null) writeWhole(file, `${lines.join("\n")}\n`);
    else announce(lines, this.#hasDocument ? "stderr" : "stdout");
    this.#summarise(build);
  }

  get #hasDocument(): boolean {
    return this.#reporters.some(({ name, file }) => DOCUMENTS.includes(name) && file === null);
  }

  /** Adds to the job's summary, which others write to as well. */
  #summarise(build: BuildReport): void {
    const { GITHUB_STEP_SUMMARY: path } = this.#env;
    if (path === undefined || path === "") return;
    try {
      appendFileSync(path, `${markdownReport(build).join("\n")}\n`);
    } catch (error) {
      note(`warning: the job's summary cannot be written (${(error as Error).message})`);
    }
  }
}

function hasStdout(asked: readonly AskedReporter[]): boolean {
  return asked.some(({ name, file }) => file === null && name !== "github");
}

function checkReporters(asked: readonly AskedReporter[]): void {
  const documents = asked.filter(({ name, file }) => file === null && DOCUMENTS.includes(name));
  const [first, second] = documents;
  if (first !== undefined && second !== undefined)
    throw new UsageError(
      "NANPROOF_E_FLAGS",
      `${first.name} and ${second.name} are both asked for on stdout, which holds one document`,
      `give one of them a file: --reporter ${second.name}=FILE`,
    );
  for (const { name, file } of asked)
    if (file !== null && !existsSync(dirname(file)))
      throw new UsageError(
        "NANPROOF_E_FLAGS",
        `--reporter is ${shellText(`${name}=${file}`)}: there is no folder ${quotedPath(dirname(file))}`,
        "make the folder, or give another",
      );
}
