/** A line is cut after so many characters. */
const LONGEST = 1000;
/** Lines that are handed on; of what is printed without end the rest is left out. */
const MOST = 1000;

/** Makes lines of what a process prints, in bounded memory, and hands each of them on. */
export class PrintedLines {
  readonly #onLine: (line: string) => void;
  #begun = "";
  #passedOn = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Takes in what was printed next. */
  add(chunk: string): void {
    if (this.#passedOn > MOST) return;
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
    if (line === "" || this.#passedOn > MOST) return;
    this.#passedOn += 1;
    this.#onLine(this.#passedOn > MOST ? `(after ${MOST} lines the rest is left out)` : line);
  }

  #begin(text: string): void {
    this.#begun = (this.#begun + text).slice(0, LONGEST);
  }
}
