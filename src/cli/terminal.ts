import type { ProgressMode } from "./flags/progressFlag.ts";
import { painted } from "./paint.ts";
import { progressText, type TimedProgress } from "./progress.ts";
import { progressRow } from "./progressBar.ts";
import { EventLines } from "./progressEventLines.ts";
import { writeOut } from "./writeOut.ts";

/** Milliseconds between two lines of progress where nobody watches. */
const LINE_MS = 5000;
/** Milliseconds after which what takes its time is worth the first. */
const PATIENCE_MS = 2000;

/**
 * Milliseconds from a text to the progress line below it. A text that goes to a pipe reaches the terminal later, through
 * whoever reads the pipe (`| tee`, `npm start`), and must find an empty line there.
 */
const QUIET_MS = 100;

/** Columns of a terminal that does not say how many it has. */
const COLUMNS = 80;

/** Erases all from the cursor to the end of the screen. */
const ERASE = "\r\x1b[J";

/** The streams that a terminal writes to. */
export interface TerminalStreams {
  stdout: NodeJS.WriteStream & { fd: number };
  stderr: NodeJS.WriteStream;
}

/**
 * The one place that writes to the terminal: results on stdout, notes and one progress line on stderr. Text is printed
 * where the progress line was, which is drawn again below it. The cursor rests at the start of the line, so that
 * nothing is to be restored: whatever has been scrolled, wrapped anew by a resize or echoed by the terminal, erasing
 * from there takes away the progress line and nothing else.
 *
 * cli-progress cannot do that: it saves the cursor's position before the text scrolls, and restores it after.
 */
export class Terminal {
  readonly #out: NodeJS.WriteStream & { fd: number };
  readonly #err: NodeJS.WriteStream;
  /** True where the progress line is drawn, and not written line below line. */
  #draws: boolean;
  readonly #redraw = () => this.#draw();
  #line: TimedProgress | null = null;
  /** The writer of progress as events; null where it is a line. */
  #events: EventLines | null = null;
  #isHidden = false;
  #isDrawn = false;
  /** Time from which on the progress is worth a line. */
  #hiddenUntil = 0;
  /** Time by which a text that was printed is on the terminal. */
  #quietUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #written: string | null = null;
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor({ stdout, stderr }: TerminalStreams) {
    this.#out = stdout;
    this.#err = stderr;
    this.#draws = stderr.isTTY === true && process.env.TERM !== "dumb";
    if (this.#draws) stderr.on("resize", this.#redraw);
  }

  /** Writes a part of a command's result to stdout; one that a program reads without any colour. */
  print(text: string, { isDocument = false }: { isDocument?: boolean | undefined } = {}): void {
    this.#above(this.#out, isDocument ? text : painted(text, this.#out));
  }

  /** Writes a line or more that stay to stderr. */
  note(text: string): void {
    if (this.#events !== null) this.#events.note(text);
    else this.#above(this.#err, painted(text, this.#err));
  }

  /** Writes lines for the runner of a build to stderr, as they are. */
  announce(text: string): void {
    this.#above(this.#err, text);
  }

  /** Sets the form of progress from now on. */
  mode(mode: ProgressMode, command: string): void {
    if (mode === "auto") return;
    this.#draws = false;
    this.#isHidden = mode === "none";
    if (mode === "json") this.#events = new EventLines(command, (line) => this.#err.write(`${line}\n`));
  }

  /**
   * Shows the progress of a command: a line that is drawn over on a terminal, a line now and then elsewhere; null ends it.
   * @param after Milliseconds that it must go on for before it is worth a line.
   */
  progress(line: TimedProgress | null, after = 0): void {
    if (this.#isHidden) return;
    if (this.#events !== null) {
      this.#events.progress(line);
      return;
    }
    const last = this.#line;
    this.#line = line;
    // Where nobody watches, what is done at once needs no line at all.
    const patience = this.#draws || after === 0 ? after : PATIENCE_MS;
    if (last === null) this.#hiddenUntil = performance.now() + patience;
    if (this.#draws) this.#draw();
    else if (line === null) {
      // The last that is read of a progress is where it ended.
      const end = last === null ? null : progressText(last);
      if (this.#written !== null && end !== null && end !== this.#written) this.#err.write(`${end}\n`);
      this.#written = null;
      this.#writtenAt = Number.NEGATIVE_INFINITY;
    } else if (performance.now() >= Math.max(this.#hiddenUntil, this.#writtenAt + LINE_MS)) {
      this.#written = progressText(line);
      this.#err.write(`${this.#written}\n`);
      this.#writtenAt = performance.now();
    }
  }

  /** Takes away what the terminal itself has written into the row of the progress line: `^C`. */
  afterKey(): void {
    if (!this.#draws) return;
    this.#err.write(ERASE);
    this.#isDrawn = false;
    this.#draw();
  }

  /** Takes the progress line away and lets go of the terminal. */
  close(): void {
    this.progress(null);
    clearTimeout(this.#timer);
    this.#err.off("resize", this.#redraw);
  }

  #above(stream: NodeJS.WriteStream, text: string): void {
    this.#erase();
    if (stream === this.#out) writeOut(this.#out, text);
    else stream.write(`${text}\n`);
    this.#quietUntil = performance.now() + QUIET_MS;
    this.#draw();
  }

  #erase(): void {
    if (this.#isDrawn) this.#err.write(ERASE);
    this.#isDrawn = false;
  }

  /** Draws the line as it is now, or soon, where text has just been printed. */
  #draw(): void {
    if (!this.#draws || this.#line === null) {
      this.#erase();
      return;
    }
    const wait = Math.max(this.#quietUntil, this.#hiddenUntil) - performance.now();
    if (wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#draw();
      }, wait).unref();
      return;
    }
    const room = (this.#err.columns || COLUMNS) - 1;
    this.#err.write(`\r${progressRow(this.#line, room, this.#err)}\x1b[J\r`);
    this.#isDrawn = true;
  }
}
