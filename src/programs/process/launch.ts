import { statSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../../documents/errors.ts";
import { quotedPath } from "../../documents/printable.ts";
import { packageFile } from "../../package.ts";
import type { FileOrder } from "../hostOrder.ts";
import { PROTOCOL } from "../protocol.ts";

/** A process to start. */
export interface Launch {
  language: "javascript" | "python";
  command: string;
  args: readonly string[];
  /** Beside the environment of this process. */
  env: Readonly<Record<string, string>>;
}

/** The Python interpreter where none is named. */
const PYTHON = "python3";

/** The language of a program, by the ending of its file's name. */
const LANGUAGES = {
  py: "python",
  mjs: "javascript",
  js: "javascript",
  ts: "javascript",
  mts: "javascript",
} as const;

/** The folder that holds the package `nanproof` for Python: what PYTHONPATH has to name. */
export function pythonFolder(): string {
  return fileURLToPath(packageFile("python"));
}

/** The environment in which Python finds the package. */
export function pythonEnvironment(): Record<string, string> {
  const before = process.env.PYTHONPATH;
  return { PYTHONPATH: before ? `${pythonFolder()}${delimiter}${before}` : pythonFolder() };
}

/**
 * The process that hosts a program.
 * @throws UsageError when there is no such file, or its name ends with nothing that a program's does.
 */
export function launchOf({ file, python, backend, threads }: FileOrder): Launch {
  const path = resolve(file);
  const language = languageOf(file);
  const protocol = { NANPROOF_PROTOCOL: String(PROTOCOL) };
  if (language === "javascript") {
    const host = fileURLToPath(packageFile("dist/programs/host.js"));
    const engine = backend === null ? {} : { NANPROOF_ENGINE: backend };
    return { language, command: process.execPath, args: [host, path], env: { ...protocol, ...engine } };
  }
  return {
    language,
    command: python ?? PYTHON,
    args: ["-m", "nanproof.host", path],
    env: { ...protocol, ...pythonEnvironment(), NANPROOF_THREADS: String(threads) },
  };
}

function languageOf(file: string): Launch["language"] {
  const wrong = (what: string) =>
    new UsageError(
      "NANPROOF_E_PROGRAM",
      `--program is ${quotedPath(file)}: ${what}`,
      "give the path of a .mjs, .js, .ts or .py file that exports a program or calls watch",
    );
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw wrong("there is no such file");
  if (!stats.isFile()) throw wrong(`it is ${stats.isDirectory() ? "a directory" : "no regular file"}`);
  const ending = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase() ?? "";
  if (!Object.hasOwn(LANGUAGES, ending)) throw wrong("that is no program's name");
  return LANGUAGES[ending as keyof typeof LANGUAGES];
}
