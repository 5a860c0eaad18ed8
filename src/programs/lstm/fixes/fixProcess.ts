import { type ChildProcess, fork } from "node:child_process";
import { PrintedLines } from "../../../documents/printedLines.ts";
import { programFile, typeScriptLoader } from "../../../package.ts";
import { type FixAnswer, type FixRequest, isAnswer } from "./fixMessages.ts";

/** Milliseconds in which Node and the program must be up, before anything of the user's runs. */
const START_MS = 60_000;
/** Milliseconds to wait for the last printed lines: a process that the module has started may hold the pipe open. */
const LAST_WORDS_MS = 1000;

/** The outcome of a request that has no answer. */
export type NoAnswer =
  | { kind: "overdue" }
  /** The process ended: with an exit code, by a signal, or it never came up. */
  | { kind: "ended"; how: string };

/** The process of one user's fix. It keeps no command from ending. */
export class FixProcess {
  readonly #child: ChildProcess;
  readonly #lines: PrintedLines[];
  /** The way the process ended; null while it runs, or while its last printed lines are awaited. */
  #ended: string | null = null;
  /** Settles the request at hand. */
  #settle: (outcome: FixAnswer | NoAnswer) => void = () => {};

  /**
   * @param path The module: one in TypeScript is given a loader.
   * @param onPrint Called with every line that the module prints.
   */
  constructor(path: string, onPrint: (line: string) => void) {
    const program = programFile("programs/lstm/fixes/fixProgram");
    const isTypeScript = [path, program].some((file) => /\.[cm]?ts$/.test(file));
    this.#child = fork(program, [String(process.pid)], {
      execArgv: isTypeScript ? ["--import", typeScriptLoader()] : [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced",
    });
    this.#lines = [this.#child.stdout, this.#child.stderr].map((stream) => {
      const lines = new PrintedLines(onPrint);
      stream?.setEncoding("utf8").on("data", (chunk: string) => lines.add(chunk));
      return lines;
    });
    // A module may send messages of its own.
    this.#child.on("message", (message) => isAnswer(message) && this.#settle(message));
    this.#child.on("error", (error) => this.#tellEnd(error.message));
    this.#child.on("exit", (code, signal) => {
      const tell = () => {
        clearTimeout(clock);
        this.#tellEnd(signal ?? `exit code ${code}`);
      };
      const clock = setTimeout(tell, LAST_WORDS_MS);
      this.#child.on("close", tell);
    });
    this.#unref();
  }

  /** Waits until the program is up. */
  started(): Promise<FixAnswer | NoAnswer> {
    return this.#answer(START_MS);
  }

  /** Asks, and waits so long for the answer. */
  ask(request: FixRequest, patienceMs: number): Promise<FixAnswer | NoAnswer> {
    // One that has ended takes no message: its end is the answer.
    if (this.#child.connected) this.#child.send(request, () => {});
    return this.#answer(patienceMs);
  }

  /** Ends the process, and waits for the last of what it printed. */
  async close(): Promise<void> {
    this.#child.kill("SIGKILL");
    this.#child.ref();
    if (this.#ended === null) await this.#answer(START_MS);
  }

  #answer(patienceMs: number): Promise<FixAnswer | NoAnswer> {
    return new Promise((settle) => {
      const before = this.#settle;
      // The clock also keeps this process from ending while it waits.
      const clock = setTimeout(() => this.#settle({ kind: "overdue" }), patienceMs);
      this.#settle = (outcome) => {
        this.#settle = () => {};
        clearTimeout(clock);
        settle(outcome);
        before(outcome);
      };
      if (this.#ended !== null) this.#settle({ kind: "ended", how: this.#ended });
    });
  }

  #tellEnd(how: string): void {
    for (const lines of this.#lines) lines.end();
    this.#ended ??= how;
    this.#settle({ kind: "ended", how: this.#ended });
  }

  /** Lets this process end while the other waits to be asked. */
  #unref(): void {
    this.#child.unref();
    this.#child.channel?.unref();
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream !== null && "unref" in stream) (stream as { unref(): void }).unref();
  }
}
