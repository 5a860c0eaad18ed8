import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../src/documents/errors.ts";

/**
 * Keeps a second run out of the folder while one is at work. What a dead run left is taken over.
 * @returns A function that frees the folder again.
 * @throws UsageError while another process is at work in the folder.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "making.pid");
  const take = () => writeFileSync(file, String(process.pid), { flag: "wx" });
  try {
    take();
  } catch {
    const owner = Number(readFileSync(file, "utf8"));
    if (isAlive(owner))
      throw new UsageError(
        "NANPROOF_E_NATIVE",
        `process ${owner} is making the lane in ${folder}`,
        `wait for it; if it is something else that has this number by now, delete ${file}`,
      );
    rmSync(file);
    take();
  }
  return () => rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  // 0 and below name groups of processes, our own among them.
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
