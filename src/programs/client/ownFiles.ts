import { fileURLToPath } from "node:url";
import { packageFile } from "../../package.ts";

const ROOT = fileURLToPath(packageFile("."));

/** Folders of this package with programs like a person's. */
const PROGRAMS = ["examples/", "src/programs/testing/"];

/** True of a person's own file: no package, nothing of Node, nothing of nanproof. */
export function isPersonal(file: string): boolean {
  if (!file.startsWith("/") && !/^[A-Za-z]:\\/.test(file)) return false;
  if (/[\\/]node_modules[\\/]/.test(file)) return false;
  if (!file.startsWith(ROOT)) return true;
  const inside = file.slice(ROOT.length).replaceAll("\\", "/");
  return !/^(src|dist|scripts)\//.test(inside) || PROGRAMS.some((folder) => inside.startsWith(folder));
}
