import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeSafetensors } from "../../documents/writeSafetensors.ts";
import { packageFile } from "../../package.ts";
import { commentLines } from "../commentLines.ts";
import { FRAMEWORK_PARTS, FRAMEWORKS } from "./frameworks.ts";
import { isPython, type LocalFiles } from "./localFiles.ts";
import { aboutBundle, type BundleParts, threadsOf } from "./parts.ts";
import { readmeLines } from "./readme.ts";

/** The files of a bundle, by path below its folder with `/` between the parts. */
export type BundleFiles = ReadonlyMap<string, Uint8Array | string>;

/** The files of a bundle: runner, stand-in, numbers, the person's program, and a README on them. */
export function bundleFiles(parts: BundleParts): BundleFiles {
  const { step, files } = parts;
  const { knobs, seed, steps } = step.case;
  const own = files.paths.map((path) => [`program/${path}`, readFileSync(join(files.root, path))] as const);
  return new Map<string, Uint8Array | string>([
    ["README.md", text(readmeLines(parts))],
    ...(isPython(files) ? pythonFiles(parts) : javascriptFiles(parts)),
    [
      "case.json",
      `${JSON.stringify({ program: files.program, knobs, seed, steps, threads: threadsOf(parts.fixture) }, null, 2)}\n`,
    ],
    ["state.safetensors", writeSafetensors(step.state)],
    ["batch.safetensors", writeSafetensors(step.batch)],
    ...own,
  ]);
}

function pythonFiles(parts: BundleParts): (readonly [string, string])[] {
  const { framework } = parts;
  const named = framework === null ? FRAMEWORKS : [framework];
  const modules = new Set(["tensors", ...named.flatMap((name) => FRAMEWORK_PARTS[name].modules)]);
  return [
    ["reproduce.py", headed("python/reproduce.py", "#", parts)],
    ["nanproof/__init__.py", template("python/nanproof.py")],
    ...[...modules].map((name) => [`nanproof/${name}.py`, template(`python/${name}.py`)] as const),
  ];
}

function javascriptFiles(parts: BundleParts): (readonly [string, string])[] {
  const names = ["program", "start", "training", "tensors", "random"];
  // The program finds the stand-in by the name of the package that it lies in.
  const manifest = {
    ...{ name: "nanproof", version: "0.0.0", private: true, type: moduleType(parts.files) },
    exports: { "./program": "./nanproof/program.mjs" },
    dependencies: parts.packages,
  };
  return [
    ["reproduce.mjs", headed("javascript/reproduce.mjs", "//", parts)],
    ["package.json", `${JSON.stringify(manifest, null, 2)}\n`],
    ...names.map((name) => [`nanproof/${name}.mjs`, template(`javascript/${name}.mjs`)] as const),
  ];
}

/** The kind of module that files ending in `.js` are, by the nearest package.json above the person's files. */
function moduleType({ root, program }: LocalFiles): string {
  const folders = program.map((_, at) => join(root, ...program.slice(0, -1 - at)));
  let folder = root;
  while (folder !== join(folder, "..")) {
    folder = join(folder, "..");
    folders.push(folder);
  }
  for (const one of folders)
    try {
      const { type } = JSON.parse(readFileSync(join(one, "package.json"), "utf8")) as { type?: unknown };
      return type === "module" ? "module" : "commonjs";
    } catch {
      // There is none, or one that says nothing.
    }
  return "commonjs";
}

/** The runner with its comment. Its first lines hold no text of a stranger's: Python reads the encoding of the file out of them. */
function headed(path: string, mark: "#" | "//", parts: BundleParts): string {
  return text([
    `${mark} A training step that should end in finite numbers. README.md says more.`,
    `${mark} Exit status: 1 it does not, 0 it does, 125 this cannot run.`,
    ...commentLines(aboutBundle(parts).join(" "), mark, 88),
    ...template(path).trimEnd().split("\n"),
  ]);
}

function template(path: string): string {
  return readFileSync(packageFile(`bundle/${path}`), "utf8");
}

function text(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
