/**
 * The process of a user's fix: loads the module that it is asked to and applies its fix to the cases that it is sent.
 * Whatever the module does to a process (prints, ends it, never returns) is done to this one.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { FixAnswer, FixRequest } from "./fixMessages.ts";
import { applyFix, importFix, reason } from "./usersFix.ts";

/**
 * A thread that ends this process once its parent is gone: one that is in a loop would not notice. The parent gives its number, since it
 * may be gone before this thread can ask for it.
 */
const WATCHDOG = `
const parent = ${Number(process.argv[2])};
setInterval(() => process.ppid !== parent && process.kill(process.pid, "SIGKILL"), 500);
`;

const send = process.send?.bind(process);
if (send === undefined) throw new Error("this program is started by nanproof gate and talks to it alone");
const answer = (message: FixAnswer) => send(message);

/** The streams as they are before a module may change them. */
const outputs = [process.stdout, process.stderr].map((stream) => stream.write.bind(stream));

/** Waits until what was printed is in the pipes: with nothing more to ask, the parent kills this process. */
async function printed(): Promise<void> {
  await Promise.all(outputs.map((write) => new Promise<void>((done) => void write("", () => done()))));
}

let fix: ((testCase: unknown) => unknown) | undefined;

async function answerTo(request: FixRequest): Promise<FixAnswer> {
  if (request.kind === "apply") {
    if (fix === undefined) throw new Error("no module was loaded");
    return applyFix(fix, request.case);
  }
  const found = await importFix(request.path);
  if (typeof found !== "function") return found;
  fix = found;
  return { kind: "loaded" };
}

// A loader of TypeScript would have it wait for this thread, which may be in a loop.
const watchdog = new Worker(WATCHDOG, { eval: true, execArgv: [] });
await once(watchdog, "online");
watchdog.unref();
// Ctrl-C reaches every process of the terminal; the parent decides what becomes of this one.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
// What is thrown while nobody waits has no say: whether it came before or after the next call would be chance.
process.on("uncaughtException", (error) => {
  process.stderr.write(`thrown while nobody waited: ${reason(error)}\n`);
});
process.on("disconnect", () => process.exit());
process.on("message", async (request: FixRequest) => {
  const message = await answerTo(request);
  await printed();
  answer(message);
});
answer({ kind: "ready" });
