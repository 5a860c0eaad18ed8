/**
 * Runs commands of the built nanproof one after another in one warm process, which takes a tenth of the time of a process
 * each: `{"args","cwd"}` a line in, `{"exitCode","stdout","stderr"}` a line out. The path of
 * commandThread.js, which is what a command does without a terminal of its own, is its argument.
 */
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const main = pathToFileURL(process.argv[2] ?? "").href;
const answer = process.stdout.write.bind(process.stdout);

/** The output of one command so far, and the code that it ended with, if it did so by itself. */
let written = { stdout: "", stderr: "" };
let exited: number | undefined;

for (const name of ["stdout", "stderr"] as const)
  process[name].write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
    written[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    for (const done of rest) if (typeof done === "function") done();
    return true;
  };
process.exit = ((code?: number) => {
  exited ??= code ?? 0;
}) as typeof process.exit;

let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { args, cwd } = JSON.parse(line) as { args: string[]; cwd: string };
  written = { stdout: "", stderr: "" };
  exited = undefined;
  process.exitCode = undefined;
  process.chdir(cwd);
  process.argv = [process.execPath, main, ...args];
  // Another query is another module: the command line runs again, all that it imports is there already.
  await import(`${main}?${count++}`);
  // What is thrown late is thrown by now.
  await new Promise((later) => setImmediate(later));
  answer(`${JSON.stringify({ exitCode: exited ?? process.exitCode ?? 0, ...written })}\n`);
  for (const event of ["uncaughtException", "SIGINT", "SIGTERM"]) process.removeAllListeners(event);
  for (const name of ["stdout", "stderr"] as const) process[name].removeAllListeners("error");
}
process.exitCode = 0;
