import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";

/** The outcome of a command. */
export interface Outcome {
  /** Null where the command did not end in its time, or took the process along. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** The process that runs the commands. */
interface Host {
  ask(line: string): void;
  /** The next line that it answers, or how it ended. */
  next(): Promise<string>;
  kill(): void;
}

/** Commands that one process runs: each leaves its copy of the command line in memory. */
const MOST_COMMANDS = 100;

/** Runs commands of nanproof in a warm process, see commandHost.ts. One at a time. */
export class Commands {
  readonly #timeoutMs: number;
  #host: Host | null = null;
  #count = 0;

  /** @param timeoutMs A command that takes longer is killed, and has no exit code. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Runs one command in a folder. */
  async run(cwd: string, args: readonly string[]): Promise<Outcome> {
    if (this.#count++ % MOST_COMMANDS === 0) this.close();
    this.#host ??= startHost();
    const host = this.#host;
    host.ask(JSON.stringify({ args, cwd }));
    let clock: NodeJS.Timeout | undefined;
    const overdue = new Promise<string>((give) => {
      clock = setTimeout(() => give("overdue"), this.#timeoutMs);
    });
    const line = await Promise.race([host.next(), overdue]);
    clearTimeout(clock);
    if (line.startsWith("{")) return JSON.parse(line) as Outcome;
    this.close();
    return { exitCode: null, stdout: "", stderr: `no answer: ${line}` };
  }

  /** Ends the process. */
  close(): void {
    this.#host?.kill();
    this.#host = null;
  }
}

function startHost(): Host {
  const program = resolve("src/cli/testing/commandHost.ts");
  const args = ["--import", import.meta.resolve("tsx"), program, resolve("dist/cli/commandThread.js")];
  const child = execa(process.execPath, args, { reject: false, buffer: false });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = `${stderr}${chunk}`.slice(-4000);
  });
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: (line) => child.stdin.write(`${line}\n`),
    next: async () => ((await lines.next()).value as string | undefined) ?? `it ended: ${stderr}`,
    kill: () => child.kill("SIGKILL"),
  };
}
