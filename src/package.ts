import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * A file of this package, wherever the build has put the code that asks for it.
 * @param path From the folder of package.json.
 */
export function packageFile(path: string): URL {
  return new URL(path, root());
}

/**
 * A program of this package that runs in a process of its own: as built, or as source where this module runs from source.
 * @param name From the folder of the sources, without an ending.
 */
export function programFile(name: string): string {
  const runsFromSource = import.meta.url.endsWith(".ts");
  return fileURLToPath(packageFile(runsFromSource ? `src/${name}.ts` : `dist/${name}.js`));
}

/** The URL of the module that Node imports before it can load TypeScript, on every Node that is supported. */
export function typeScriptLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
}

/** The version of nanproof. */
export function version(): string {
  const json = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string };
  return json.version;
}

/** The nearest folder upwards that holds a package.json: src, dist and the folders below them hold none. */
function root(): URL {
  let folder = new URL(".", import.meta.url);
  while (!existsSync(new URL("package.json", folder))) {
    if (folder.pathname === "/") throw new Error(`no package.json above ${fileURLToPath(import.meta.url)}`);
    folder = new URL("..", folder);
  }
  return folder;
}
