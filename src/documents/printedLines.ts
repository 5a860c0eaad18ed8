/** A line is cut after so many characters. */
const LONGEST = 1000;
/** Lines that are handed on; of what is printed without end the rest is left out. */
const MOST = 1000;

/** Makes lines of what a process prints, in bounded memory, and hands each of them on. */
export class PrintedLines {
  readonly #tell: (line: string) => void;
  #begun = "";
  #told = 0;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  /** Takes in what was printed next. */
  add(chunk: string): void {
    if (this.#told > MOST) return;
    const [first = "", ...rest] = chunk.split("\n");
    this.#begin(first);
    for (const next of rest) {
      this.end();
      this.#begin(next);
    }
  }

  /** Hands on the line that has begun, if one has. */
  end(): void {
    const line = this.#begun.replace(/\r$/, "");
    this.#begun = "";
    if (line === "" || this.#told > MOST) return;
    this.#told += 1;
    this.#tell(this.#told > MOST ? `(after ${MOST} lines the rest is left out)` : line);
  }

  #begin(text: string): void {
    this.#begun = (this.#begun + text).slice(0, LONGEST);
  }
}
