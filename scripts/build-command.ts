import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";

/**
 * Bundles the command and the programs that it starts into dist/, beside the library that tsc made.
 *
 *     tsx scripts/build-command.ts
 *
 * A command is over in less time than Node takes to find 240 modules one by one, most of them zod's and yargs's.
 * Those two, and what the progress line is cut with, come along in dist/chunks/; every other dependency stays a package, which is found and loaded as ever.
 */
const ENTRIES = [
  "cli/main",
  "cli/commandThread",
  "training/trainWorker",
  "cli/doctorProbe",
  "hunt/worker",
  "programs/lstm/fixes/fixProgram",
  "programs/host",
];
const BUNDLED = ["zod", "yargs", "cli-truncate", "string-width"];
const CHUNKS = "dist/chunks";

const { dependencies, peerDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Record<
  "dependencies" | "peerDependencies",
  Record<string, string>
>;
const packages = Object.keys({ ...dependencies, ...peerDependencies });

for (const folder of ["dist/cli", "dist/training", CHUNKS]) rmSync(folder, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ENTRIES.map((entry) => `src/${entry}.ts`),
  outbase: "src",
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  // A command's own chunk is read when that command runs, and an engine's when it is opened.
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  external: packages.filter((name) => !BUNDLED.includes(name)),
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
});
writeFileSync(join(CHUNKS, "LICENSES.txt"), licences(metafile));

/** The licence of every package that is in the bundle, as each of them asks for. */
function licences({ inputs }: Metafile): string {
  const found = Object.keys(inputs).map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  const folders = [...new Set(found)].filter((folder) => folder !== undefined).sort();
  return folders.map((folder) => `${folder}\n\n${licence(folder)}`).join("\n\n");
}

function licence(folder: string): string {
  for (const name of ["LICENSE", "license", "LICENSE.txt", "LICENSE-MIT.txt", "LICENSE.md"])
    try {
      return readFileSync(join(folder, name), "utf8").trim();
    } catch {
      // Under another name, then.
    }
  throw new Error(`${folder} comes with no licence`);
}
