import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { UsageError } from "../../documents/errors.ts";
import { quotedPath, shellWord } from "../../documents/printable.ts";
import { isPython, type LocalFiles } from "../../exports/bundle/localFiles.ts";
import { OTHER_PROGRAM } from "../../exports/bundle/parts.ts";
import type { StoredFixture } from "../../fixtures/store.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { note } from "../output.ts";
import type { ExportFlags } from "./exportFlags.ts";

/** The program that a bundle is made of. */
export interface BundleProgram {
  path: string;
  /** True of another file than the fixture was made with. */
  isOther: boolean;
}

/** Looks at the program that a bundle is to be made of, and says where it is another one. @throws UsageError when it is none. */
export function bundleProgram({ path, fixture }: StoredFixture, program: string | undefined): BundleProgram {
  const shown = shellWord(shownPath(path));
  if (fixture.program === undefined)
    throw new UsageError(
      "NANPROOF_E_EXPORT",
      `${shown}: is a death of nanproof's own LSTM, and a bundle is of a program`,
      "give --to pytorch, or another framework",
    );
  if (program === undefined)
    throw new UsageError(
      "NANPROOF_E_USAGE",
      `--program is missing: ${shown} is a death of the program ${fixture.program.name}`,
      `give --program PATH/${shellWord(fixture.program.name)}`,
    );
  const isFile = statSync(program, { throwIfNoEntry: false })?.isFile() ?? false;
  if (!isFile || !/\.(py|mjs|js|ts|mts)$/.test(program))
    throw new UsageError(
      "NANPROOF_E_PROGRAM",
      `--program is ${quotedPath(program)}: ${isFile ? "that is no program's name" : "there is no such file"}`,
      "give the path of a .mjs, .js, .ts or .py file that exports a program or calls watch",
    );
  const sha256 = createHash("sha256").update(readFileSync(program)).digest("hex");
  const isOther = fixture.program.sha256 !== null && fixture.program.sha256 !== sha256;
  if (isOther) note(`${basename(program)} ${OTHER_PROGRAM}`);
  return { path: program, isOther };
}

/** The folder that is written. @throws UsageError when there is something in it. */
export function bundleFolder({ file, out }: ExportFlags): string {
  const folder = out ?? `${basename(file, ".json")}-bundle`;
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined || (stats.isDirectory() && readdirSync(folder).length === 0)) return folder;
  throw new UsageError(
    "NANPROOF_E_EXPORT",
    `${out === undefined ? "the bundle's folder is" : "--out is"} ${quotedPath(folder)}: ${stats.isDirectory() ? "it is not empty" : "it is no folder"}`,
    "give --out another folder, or remove it",
  );
}

/** @throws UsageError when a Python is named, and none is run. */
export function checkPython(
  { python, verify: verifies }: ExportFlags,
  files: LocalFiles,
  { fixture }: StoredFixture,
): void {
  if (python === undefined) return;
  const isRun = verifies || fixture.grade === "run";
  if (isPython(files) && isRun) return;
  throw new UsageError(
    "NANPROOF_E_USAGE",
    `--python is ${JSON.stringify(python)}, and ${isPython(files) ? "nothing is run" : "the program runs in Node"}`,
    isPython(files) ? "give --verify too, or leave --python out" : "leave --python out",
  );
}
