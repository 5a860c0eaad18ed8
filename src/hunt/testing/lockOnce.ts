import { once } from "node:events";
import { lockFolder } from "../resume/lock.ts";

// Waits for a word, locks the folder given, says how that went, and keeps the lock until stdin ends.
const [folder = "."] = process.argv.slice(2);
process.stdout.write("ready\n");
await once(process.stdin, "data");
try {
  const release = lockFolder(folder);
  process.stdout.write("locked\n");
  process.stdin.resume().on("end", release);
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
  process.stdin.resume();
}
