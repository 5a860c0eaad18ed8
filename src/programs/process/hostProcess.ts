import { basename } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { execa } from "execa";
import { type Greeting, greetingSchema, type HostReply, refusalSchema, replySchemas } from "../protocol.ts";
import { ProgramError, programError } from "./errors.ts";
import type { Launch } from "./launch.ts";

/** A host that has loaded a program. */
export type Ready = Extract<Greeting, { type: "ready" }>;

/** Milliseconds that loading a file may take: imports of a framework on a busy machine take a while. */
const LOADING_MS = 300_000;
/** And the answer to one request. */
const ANSWER_MS = 180_000;
/** Lines that the process wrote last, kept for the case that it ends. */
const LINES_KEPT = 30;
const LINE_LENGTH = 500;

/** One process of a host, with the program that it has loaded: a line of JSON a request, a line a reply. */
export class HostProcess {
  readonly ready: Ready;
  readonly #child: Child;
  readonly #name: string;
  #last = 0;

  /**
   * Starts a host and waits until its program is loaded.
   * @param onPrint Called with every line that the program prints.
   * @throws ProgramError when the program does not load.
   */
  static async start(launch: Launch, onPrint: (line: string) => void): Promise<HostProcess> {
    const name = basename(launch.args.at(-1) ?? "");
    const child = new Child(launch, name, onPrint);
    const greeting = greetingSchema.parse(await child.next(LOADING_MS, "while it was loaded"));
    if (greeting.type === "ready") return new HostProcess(child, name, greeting);
    await child.end();
    throw programError(name, greeting.error);
  }

  private constructor(child: Child, name: string, ready: Ready) {
    this.#child = child;
    this.#name = name;
    this.ready = ready;
  }

  /** True where it can be asked no more. */
  get isGone(): boolean {
    return this.#child.isGone;
  }

  /**
   * Asks, and waits for the reply.
   * @throws ProgramError when the host refuses, does not answer in time, or its process ends.
   */
  async ask<T extends keyof typeof replySchemas>(type: T, request: object = {}): Promise<HostReply<T>> {
    this.#last += 1;
    this.#child.write(`${JSON.stringify({ id: this.#last, type, ...request })}\n`);
    const message = await this.#child.next(ANSWER_MS, `at ${type}`);
    const refusal = refusalSchema.safeParse(message);
    if (refusal.success) throw programError(this.#name, refusal.data.error);
    const reply = replySchemas[type].safeParse(message);
    if (reply.success) return reply.data as HostReply<T>;
    await this.end();
    throw new ProgramError(
      "protocol",
      `${this.#name}: its host answered ${type} with ${JSON.stringify(message).slice(0, LINE_LENGTH)}`,
      "this is a bug in nanproof or in its client: report it with the command that shows it",
    );
  }

  /** Ends it at once. */
  end(): Promise<void> {
    return this.#child.end();
  }
}

/** The operating system's side of a host. */
class Child {
  isGone = false;
  readonly #name: string;
  readonly #process;
  readonly #requests: Writable;
  readonly #messages: unknown[] = [];
  readonly #said: string[] = [];
  readonly #ended: Promise<void>;
  #how = "";
  #wake: () => void = () => {};

  constructor({ command, args, env }: Launch, name: string, onPrint: (line: string) => void) {
    this.#name = name;
    this.#process = execa(command, args, {
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      env,
      buffer: false,
      reject: false,
    });
    const [, out, error, requests, replies] = this.#process.stdio as unknown as [
      null,
      Readable,
      Readable,
      Writable,
      Readable,
    ];
    this.#requests = requests;
    // A process that has ended takes no more lines; `next` says that it has.
    requests.on("error", () => {});
    for (const input of [out, error])
      createInterface({ input }).on("line", (line) => {
        this.#said.push(line.slice(0, LINE_LENGTH));
        if (this.#said.length > LINES_KEPT) this.#said.shift();
        onPrint(line);
      });
    createInterface({ input: replies }).on("line", (line) => {
      this.#messages.push(parsed(line));
      this.#wake();
    });
    this.#ended = this.#process.then(({ exitCode, signal, originalMessage, failed }) => {
      this.isGone = true;
      const status = signal === undefined ? `exit status ${exitCode}` : `signal ${signal}`;
      this.#how = failed && exitCode === undefined && signal === undefined ? (originalMessage ?? "") : status;
      this.#wake();
    });
  }

  write(line: string): void {
    this.#requests.write(line);
  }

  /** The next message; waits for it so long. */
  async next(ms: number, doing: string): Promise<unknown> {
    const deadline = performance.now() + ms;
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      if (this.isGone) throw this.#goneError(doing);
      const left = deadline - performance.now();
      if (left <= 0) {
        await this.end();
        throw new ProgramError(
          "hang",
          `${this.#name}: no answer for ${Math.round(ms / 1000)} s ${doing}: it hangs`,
          "look for an endless loop, or make a step take less",
          this.#said,
        );
      }
      await this.#woken(left);
    }
  }

  async end(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }

  #woken(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #goneError(doing: string): ProgramError {
    if (/^spawn .* (ENOENT|EACCES|ENOTDIR)$/m.test(this.#how))
      return new ProgramError(
        "load",
        `${this.#name}: its process does not start (${this.#how})`,
        "give --python the path of a Python interpreter, or install python3",
        this.#said,
      );
    return new ProgramError(
      "ended",
      `${this.#name}: its process ended ${doing} (${this.#how})`,
      "the lines above are the last that it wrote; if there are none, look for what ends a process, or for too little memory",
      this.#said,
    );
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return { unreadable: line.slice(0, LINE_LENGTH) };
  }
}
