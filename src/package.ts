import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * A file of this package, wherever the build has put the code that asks for it.
 * @param path From the folder of package.json.
 */
export function packageFile(path: string): URL {
  return new URL(path, root());
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
