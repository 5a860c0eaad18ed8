import { createInterface } from "node:readline";
import { execa } from "execa";
import * as z from "zod";
import { type WorkerEnd, workerEnd } from "./end.ts";
import { scriptArguments, type WorkerScript } from "./script.ts";

const STDERR_KEPT = 4000;
const OUTPUT_SHOWN = 80;

const answerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("beat") }),
  z.object({ kind: z.literal("answer"), answer: z.unknown() }),
]);

/** What a worker process tells its owner. */
export interface WorkerListener<Answer> {
  /** @throws Error when that is no answer: the worker is then ended. */
  parse(answer: unknown): Answer;
  onReady(): void;
  onAnswer(answer: Answer): void;
  /** Any output at all. */
  onLife(): void;
  /** After the last answer. Null when it was asked to end. */
  onEnd(end: WorkerEnd | null): void;
}

/** One child process, kept warm: a line of JSON a task on its stdin, a line an answer on its stdout. */
export class WorkerProcess<Answer> {
  readonly #child;
  /** Why this side ended it. */
  #ended: WorkerEnd | "asked" | null = null;

  /** @param open Sent first: what the worker needs to know before its first task. */
  constructor(script: WorkerScript, open: unknown, listener: WorkerListener<Answer>) {
    this.#child = execa(process.execPath, scriptArguments(script), {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
      buffer: false,
      reject: false,
    });
    // A worker that has died takes no more lines; its end is reported below.
    this.#child.stdin.on("error", () => {});
    let stderr = "";
    this.#child.stderr.on("data", (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-STDERR_KEPT);
    });
    const lines = createInterface({ input: this.#child.stdout });
    const read = new Promise<void>((done) => lines.once("close", done));
    lines.on("line", (line) => {
      if (this.#ended !== null) return;
      listener.onLife();
      const message = this.#read(line, listener.parse);
      if (message?.kind === "ready") listener.onReady();
      if (message?.kind === "answer") listener.onAnswer(message.answer);
    });
    void Promise.all([this.#child, read]).then(([{ exitCode, signal }]) => {
      if (this.#ended === "asked") return listener.onEnd(null);
      listener.onEnd(this.#ended ?? workerEnd({ exitCode, signal, stderr }));
    });
    this.send(open);
  }

  send(message: unknown): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** Kills it for showing no sign of life for so long. */
  hang(seconds: number): void {
    this.#end({ kind: "hang", seconds });
  }

  /** Ends it, whatever it is doing. */
  close(): void {
    this.#end("asked");
  }

  #read(line: string, parse: (answer: unknown) => Answer) {
    try {
      const message = answerSchema.parse(JSON.parse(line));
      return message.kind === "answer" ? { kind: message.kind, answer: parse(message.answer) } : message;
    } catch {
      this.#end({ kind: "unreadable-output", output: line.slice(0, OUTPUT_SHOWN) });
      return null;
    }
  }

  #end(why: WorkerEnd | "asked"): void {
    this.#ended ??= why;
    this.#child.kill("SIGKILL");
  }
}
