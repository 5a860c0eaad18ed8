import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { type Greeting, greetingSchema, refusalSchema, replySchemas } from "../protocol.ts";

/** The host as it was built. */
const HOST = fileURLToPath(new URL("../../../dist/programs/host.js", import.meta.url));
/** The folder of the Python client. */
const PYTHON_CLIENT = fileURLToPath(new URL("../../../python", import.meta.url));

/** A planted program. */
export function planted(name: string): string {
  return fileURLToPath(new URL(`programs/${name}`, import.meta.url));
}

/** A reply, refused or not. */
type Reply = { id: number; ok: boolean } & Record<string, unknown>;

/** A host that a test has started. */
export interface HostProcess {
  greeting: Greeting;
  process: ChildProcess;
  /** Asks, and checks the reply against the protocol. */
  ask(type: string, more?: object): Promise<Reply>;
  /** Writes a line as it is, and gives the next reply. */
  write(line: string): Promise<Reply>;
  /** All that has come on stderr. */
  stderr(): string;
  folder: string;
  end(): Promise<void>;
}

/** Starts the host of Python programs, and waits for its first message. */
export function startPythonHost(python: string, file: string): Promise<HostProcess> {
  const env = { PYTHONPATH: PYTHON_CLIENT, TF_CPP_MIN_LOG_LEVEL: "3" };
  return startHost(file, env, [python, "-m", "nanproof.host"]);
}

/** Starts a host, that of JavaScript programs unless another command is given, and waits for its first message. */
export async function startHost(
  file: string,
  env: Record<string, string> = {},
  [command, ...before]: readonly [string, ...string[]] = [process.execPath, HOST],
): Promise<HostProcess> {
  const child = spawn(command, [...before, file], {
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    env: { ...process.env, NANPROOF_PROTOCOL: "1", ...env },
  });
  let stderr = "";
  child.stderr?.on("data", (text) => {
    stderr += text;
  });
  child.stdout?.on("data", (text) => {
    stderr += `STDOUT: ${text}`;
  });
  const [, , , requests, replies] = child.stdio as unknown as [null, Readable, Readable, Writable, Readable];
  requests.on("error", () => undefined);
  const lines = createInterface({ input: replies })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the host ended: ${stderr}`);
    return JSON.parse(value) as Reply;
  };
  const greeting = greetingSchema.parse(await next());
  let id = 0;
  return {
    greeting,
    process: child,
    folder: mkdtempSync(join(tmpdir(), "nanproof-host-")),
    stderr: () => stderr,
    async ask(type, more = {}) {
      requests.write(`${JSON.stringify({ id: ++id, type, ...more })}\n`);
      const reply = await next();
      const schema = reply.ok ? replySchemas[type as keyof typeof replySchemas] : refusalSchema;
      return schema.parse(reply) as Reply;
    },
    async write(line) {
      requests.write(`${line}\n`);
      return next();
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      requests.end();
      await once(child, "exit");
    },
  };
}
