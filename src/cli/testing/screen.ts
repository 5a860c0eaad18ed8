import { createRequire } from "node:module";
import { type IPty, spawn } from "@lydell/node-pty";
import type { Terminal } from "@xterm/headless";

// A CommonJS module whose names Node does not find.
const { Terminal: Emulator } = createRequire(import.meta.url)("@xterm/headless") as {
  Terminal: typeof Terminal;
};

/** A terminal's size. */
export interface Size {
  columns: number;
  rows: number;
}

/** The end of a program on a screen. */
export interface ScreenEnd {
  /** As a shell has it: 128 + n on a signal. */
  exitCode: number;
}

/** A program in a pseudo-terminal, and the screen on which a person sees it. */
export class Screen {
  readonly ended: Promise<ScreenEnd>;
  readonly #pty: IPty;
  readonly #emulator: Terminal;
  readonly #watchers = new Set<() => void>();
  #written: Promise<void> = Promise.resolve();

  /** @param onChange Called whenever the screen has changed. */
  constructor(
    command: readonly [string, ...string[]],
    { size, cwd, env = {} }: { size: Size; cwd: string; env?: Record<string, string> },
    onChange: (screen: Screen) => void = () => {},
  ) {
    const { columns: cols, rows } = size;
    this.#emulator = new Emulator({ cols, rows, scrollback: 10_000, allowProposedApi: true });
    const [file, ...args] = command;
    const environment = { ...process.env, ...env, TERM: "xterm-256color" };
    this.#pty = spawn(file, args, { name: "xterm-256color", cols, rows, cwd, env: environment });
    this.#pty.onData((data) => {
      this.#written = new Promise((done) => {
        this.#emulator.write(data, () => {
          onChange(this);
          for (const watcher of this.#watchers) watcher();
          done();
        });
      });
    });
    this.ended = new Promise((ended) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        void this.#written.then(() => ended({ exitCode: signal ? 128 + signal : exitCode }));
      });
    });
  }

  /** Types on the keyboard. */
  type(keys: string): void {
    this.#pty.write(keys);
  }

  /** Sends a signal to the program alone. */
  kill(signal: string): void {
    this.#pty.kill(signal);
  }

  /** Makes the window larger or smaller. */
  resize({ columns, rows }: Size): void {
    this.#emulator.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** All that can be seen, what has been scrolled away included: lines that were wrapped are one. */
  lines(): string[] {
    const buffer = this.#emulator.buffer.active;
    const lines: string[] = [];
    for (let row = 0; row < buffer.length; row++) {
      const isWrapped = buffer.getLine(row + 1)?.isWrapped ?? false;
      const text = buffer.getLine(row)?.translateToString(!isWrapped) ?? "";
      if (buffer.getLine(row)?.isWrapped) lines.push(`${lines.pop() ?? ""}${text}`);
      else lines.push(text);
    }
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  /** The rows as they are drawn, and where the cursor is among them. */
  rows(): { rows: string[]; cursor: { row: number; column: number } } {
    const { active } = this.#emulator.buffer;
    const rows = Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? "",
    );
    return { rows, cursor: { row: active.baseY + active.cursorY, column: active.cursorX } };
  }

  /** Waits until the screen shows something. @throws Error with the screen when the program ends before it. */
  async until(isShown: (lines: string[]) => boolean): Promise<void> {
    let watcher = () => {};
    const shown = new Promise<void>((done) => {
      watcher = () => isShown(this.lines()) && done();
      this.#watchers.add(watcher);
      watcher();
    });
    const missed = this.ended.then(() => {
      if (!isShown(this.lines())) throw new Error(`never shown on:\n${this.lines().join("\n")}`);
    });
    await Promise.race([shown, missed]).finally(() => this.#watchers.delete(watcher));
  }
}
