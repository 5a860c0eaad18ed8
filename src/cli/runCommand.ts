import { createInterface } from "node:readline";
import { setTimeout as after } from "node:timers/promises";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { printable } from "../documents/printable.ts";
import { packageFile } from "../package.ts";
import { EXIT, SIGNAL_EXIT } from "./exitCodes.ts";
import type { CommandThreadData, FromCommand, StopMessage } from "./messages.ts";
import { bugLines } from "./output.ts";
import type { Terminal } from "./terminal.ts";

/** Milliseconds that a command may take to end by itself once it was asked to stop. */
const GRACE_MS = 1300;
/** And on a second signal. */
const SECOND_GRACE_MS = 400;
/** Milliseconds after which a thread that does not end is in a call that nothing ends but the end of the process. */
const TERMINATE_MS = 500;

/**
 * Runs a command in a thread of its own, whatever it does there, so that the terminal and the signals are attended to all
 * the time: Ctrl-C ends it within two seconds in the midst of a step, a file or a text.
 */
export class CommandRun {
  readonly #terminal: Terminal;
  readonly #thread: Worker;
  #stopsByItself = false;
  #lastWords: string | null = null;
  #signals = 0;
  #isEnded = false;

  constructor(args: readonly string[], terminal: Terminal) {
    this.#terminal = terminal;
    const data: CommandThreadData = { kind: "command", columns: process.stdout.columns ?? null };
    this.#thread = new Worker(packageFile("dist/cli/commandThread.js"), {
      argv: [...args],
      workerData: data,
      // TensorFlow reads the process's environment, which a thread with its own copy cannot set for it.
      env: SHARE_ENV,
      stdout: true,
      stderr: true,
    });
    this.#thread.on("message", (message: FromCommand) => this.#take(message));
    // What a library prints is no part of the result.
    for (const input of [this.#thread.stdout, this.#thread.stderr])
      createInterface({ input }).on("line", (line) => terminal.note(printable(line)));
    this.#thread.on("error", (error) => this.#fail(error));
    this.#thread.on("exit", (code) => this.#end(code));
    for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => this.#stop(name));
  }

  #take(message: FromCommand): void {
    if (this.#isEnded) return;
    switch (message.kind) {
      case "print":
        this.#terminal.print(message.text, message);
        break;
      case "note":
        this.#terminal.note(message.text);
        break;
      case "progress":
        this.#terminal.progress(message.progress, message.after);
        break;
      case "announce":
        this.#terminal.announce(message.text);
        break;
      case "progressMode":
        this.#terminal.mode(message.mode, message.command);
        break;
      case "stopsByItself":
        this.#stopsByItself = message.does;
        break;
      case "lastWords":
        this.#lastWords = message.text;
    }
  }

  /** Lets the command keep what it has found, since nobody reads its result any more, and end; at once where it cannot. */
  leave(): void {
    if (this.#stopsByItself)
      this.#thread.postMessage({ kind: "stop", signal: "SIGPIPE" } satisfies StopMessage);
    else void this.#kill("SIGPIPE");
  }

  #stop(signal: StopMessage["signal"]): void {
    this.#signals += 1;
    this.#terminal.afterKey();
    if (!this.#stopsByItself) {
      void this.#kill(signal);
      return;
    }
    this.#thread.postMessage({ kind: "stop", signal } satisfies StopMessage);
    const grace = this.#signals === 1 ? GRACE_MS : SECOND_GRACE_MS;
    setTimeout(() => void this.#kill(signal), grace).unref();
  }

  /** Ends the command wherever it is. */
  async #kill(signal: StopMessage["signal"]): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#terminal.close();
    if (this.#lastWords !== null) this.#terminal.note(this.#lastWords);
    const ended = this.#thread.terminate().then(() => true);
    if (await Promise.race([ended, after(TERMINATE_MS, false)])) process.exit(SIGNAL_EXIT[signal]);
    // As the signal itself would: a shell calls that by the same exit code.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }

  #fail(error: Error): void {
    for (const line of bugLines(error)) this.#terminal.note(printable(line));
    this.#end(EXIT.internal);
  }

  #end(code: number): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#terminal.close();
    process.exitCode = code;
  }
}
