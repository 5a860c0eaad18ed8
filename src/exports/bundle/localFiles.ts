import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { UsageError } from "../../documents/errors.ts";
import { quotedPath } from "../../documents/printable.ts";
import { javascriptImports } from "./javascriptImports.ts";
import { pythonImports } from "./pythonImports.ts";

/** A person's program with its local files, laid out as they lie beside each other. */
export interface LocalFiles {
  /** The folder that all of them lie below. */
  root: string;
  /** The program's path below the root, part by part. */
  program: string[];
  /** The paths of all of them below the root, with `/` between the parts. */
  paths: string[];
  packages: string[];
  unknown: string[];
}

/** True of a program in Python. */
export function isPython({ program }: Pick<LocalFiles, "program">): boolean {
  return program.at(-1)?.endsWith(".py") ?? false;
}

/**
 * Finds the files that a person's program imports.
 * @param more Files and folders that the person says it reads.
 * @throws UsageError when one of these is not there, or the program cannot be read.
 */
export async function localFiles(file: string, more: readonly string[]): Promise<LocalFiles> {
  const program = resolve(file);
  const { files, packages, unknown } = program.endsWith(".py")
    ? pythonImports(program)
    : await javascriptImports(program);
  const given = more.flatMap(filesBelow);
  const all = [...new Set([program, ...files, ...given])];
  const root = all.map(dirname).reduce(commonFolder);
  const paths = all.map((path) => relative(root, path).split(sep).join("/")).sort();
  const isSaid = given.length > 0;
  const reads = isSaid
    ? []
    : all.filter((path) => !path.endsWith(".json")).flatMap((path) => readingLines(path));
  return {
    root,
    program: relative(root, program).split(sep),
    paths,
    packages,
    unknown: [...unknown, ...reads],
  };
}

function filesBelow(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) return [resolve(path)];
  if (stats?.isDirectory())
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => resolve(join(entry.parentPath, entry.name)));
  throw new UsageError(
    "NANPROOF_E_EXPORT",
    `--with is ${quotedPath(path)}: ${stats ? "it is neither a file nor a folder" : "there is no such file or folder"}`,
    "give a file or a folder that the program reads",
  );
}

function commonFolder(one: string, other: string): string {
  const [a, b] = [one.split(sep), other.split(sep)];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return a.slice(0, same).join(sep) || sep;
}

/** Calls that open a file, in either language. */
const READS =
  /\b(open|read_csv|read_text|read_bytes|readFileSync|readFile|createReadStream|loadtxt|fromfile)\(|\b(np|numpy|torch)\.load\(/;

/** The first line of a file that seems to open another one. */
function readingLines(path: string): string[] {
  const lines = readFileSync(path, "utf8").split("\n");
  const at = lines.findIndex((line) => READS.test(line.replace(/(#|\/\/).*/, "")));
  if (at < 0) return [];
  return [`${basename(path)} seems to read a file (line ${at + 1}); what it reads is not in this folder.`];
}
