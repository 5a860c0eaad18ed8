import { shellWord } from "../documents/printable.ts";
import type { FileOrder } from "../programs/hostOrder.ts";
import { shownPath } from "./shownPath.ts";

/** The flags that run a program as these do. */
export function programWords({ file, python, backend, threads }: FileOrder): string {
  const words = ["--program", shellWord(shownPath(file))];
  if (python !== null) words.push("--python", shellWord(python));
  if (backend !== null) words.push("--engine", backend);
  if (threads !== 1) words.push("--threads", String(threads));
  return words.join(" ");
}
