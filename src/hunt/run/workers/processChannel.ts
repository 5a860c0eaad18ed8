import { createInterface } from "node:readline";
import { execa } from "execa";
import type { OpenChannel } from "./channel.ts";
import { scriptArguments, type WorkerScript } from "./script.ts";

const STDERR_KEPT = 4000;

/** Workers that are child processes of this one: lines go to their stdin and come from their stdout. */
export function processChannel(script: WorkerScript): OpenChannel {
  return ({ onLine, onGone }) => {
    const child = execa(process.execPath, scriptArguments(script), {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
      buffer: false,
      reject: false,
    });
    // A worker that has died takes no more lines; its end is reported below.
    child.stdin.on("error", () => {});
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-STDERR_KEPT);
    });
    const lines = createInterface({ input: child.stdout });
    const read = new Promise<void>((done) => lines.once("close", done));
    lines.on("line", onLine);
    void Promise.all([child, read]).then(([{ exitCode, signal }]) => onGone({ exitCode, signal, stderr }));
    return {
      send: (line) => child.stdin.write(`${line}\n`),
      end: () => child.kill("SIGKILL"),
    };
  };
}
