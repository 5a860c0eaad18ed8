import { type LiteralStyle, tensorLines } from "../literals.ts";
import { hasEndedRows, type Reproduction } from "../reproduction.ts";
import type { NamedTensor } from "../tensors.ts";

/** The parts of a script that make its numbers. */
export interface DataLines {
  /** At the top of the script: texts of numbers, or the file beside it. */
  blocks: string[];
  /** A function that the lines call; empty where they call none. */
  reader: readonly string[];
  /** Inside the loop over the types of numbers. */
  lines: string[];
}

/** The lines that make the tensors of a script. */
export function dataLines(
  tensors: readonly NamedTensor[],
  style: LiteralStyle,
  { indent, inFile }: { indent: number; inFile: boolean },
): DataLines {
  const made = tensors.map((tensor) => tensorLines(tensor, style, { indent, inFile }));
  const texts = made.flatMap(({ block }) => block);
  return {
    blocks: inFile ? ['data = np.load(__file__ + ".npz")'] : texts,
    reader: texts.length > 0 ? style.textFunction : [],
    lines: made.flatMap(({ lines }) => lines),
  };
}

/** True of a script that asks how long the rows are. */
export function asksLengths(reproduction: Reproduction): boolean {
  return hasEndedRows(reproduction) || reproduction.loss.padding === "masked";
}

/** The statement that makes `lengths`, where they are asked for. */
export function lengthsLine(reproduction: Reproduction, make: (list: string) => string): string[] {
  if (!asksLengths(reproduction)) return [];
  return [`lengths = ${make(`[${Array.from(reproduction.batch.lengths).join(", ")}]`)}`];
}
