import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Answer, Order } from "./tester.ts";

const TESTER = fileURLToPath(new URL("./tester.ts", import.meta.url));
/** Longest time for a mutant: a broken loop may never end. */
const LIMIT_MS = 300_000;

/** Mutants that a process tests before another takes over: what it compiles stays in its memory. */
const MUTANTS_EACH = 50;

/** One tester: a process that tests mutants; it is replaced when it does not end. */
export class Tester {
  #child: ChildProcess | null = null;
  #folder = "";
  #tested = 0;

  /** The test that notices first; null where none does. */
  async test(order: Order): Promise<string | null> {
    const child = await this.#ready();
    const limit = setTimeout(() => this.stop(), LIMIT_MS);
    const answered = new AbortController();
    const { signal } = answered;
    child.send(order);
    const answer = await Promise.race([
      once(child, "message", { signal }).then(([message]) => message as Answer),
      once(child, "exit", { signal }).then((): Answer => ({ noticedBy: "the run does not end" })),
    ]);
    answered.abort();
    clearTimeout(limit);
    if ("error" in answer) throw new Error(answer.error);
    return answer.noticedBy;
  }

  /** Ends the process with all that it has started. */
  stop(): void {
    const pid = this.#child?.pid;
    this.#child = null;
    // Its group: the tests run in processes of their own.
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
    if (this.#folder !== "") rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    this.#folder = "";
  }

  async #ready(): Promise<ChildProcess> {
    if (this.#tested === MUTANTS_EACH) this.stop();
    this.#tested += 1;
    if (this.#child) return this.#child;
    this.#tested = 1;
    this.#folder = mkdtempSync(join(tmpdir(), "nanproof-mutation-"));
    const child = fork(TESTER, [this.#folder], { detached: true, execArgv: ["--import", "tsx"] });
    this.#child = child;
    child.once("exit", () => {
      if (this.#child === child) this.#child = null;
    });
    await once(child, "message");
    return child;
  }
}
