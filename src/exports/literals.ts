import { encodeFloat32 } from "../numerics/float32.ts";
import { isZero, type NamedTensor } from "./tensors.ts";

/** Entries that are set one by one, where all others are 0. */
const MOST_SET = 4;
/** Rows of a matrix that have a line each. */
const MOST_ROWS = 8;

/** The manner in which a language writes numbers and tensors. */
export interface LiteralStyle {
  /** Columns of a line. */
  width: number;
  /** The beginning of a comment behind a line. */
  comment: "  #" | " //";
  /** True where a list of lists has a line for each of them, even where it is short. */
  rowsOnLines: boolean;
  /** One number. */
  number(value: number): string;
  /** The statement that makes a tensor of zeros. */
  zeros(tensor: NamedTensor): string;
  /** The statement that makes a tensor of nested lists. */
  lists(tensor: NamedTensor, lists: string): string;
  /** The statement that sets one entry to a number. */
  set(tensor: NamedTensor, index: readonly number[], number: string): string;
  /** A text of numbers over several lines, by the name that {@link textName} gives. */
  block(tensor: NamedTensor, lines: readonly string[]): string[];
  /** The statement that makes a tensor of such a text, on lines of no more columns. */
  ofText(tensor: NamedTensor, width: number): string[];
  /** A function that {@link ofText} needs. */
  textFunction: readonly string[];
  /** The statement that makes a tensor of the file beside the script. */
  ofFile(tensor: NamedTensor): string;
}

/** The lines that make a tensor. */
export interface TensorLines {
  /** Before all else: a text of numbers, where the tensor is long. */
  block: string[];
  lines: string[];
}

/** The name of the text of numbers that a tensor is made of. */
export function textName({ name }: NamedTensor): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}

/** The lines that make a tensor: zeros, a list where it is short, else a text of numbers, or the file beside the script. */
export function tensorLines(
  tensor: NamedTensor,
  style: LiteralStyle,
  { indent, inFile }: { indent: number; inFile: boolean },
): TensorLines {
  const { block, lines } = unnoted(tensor, style, { width: style.width - indent, inFile });
  const [first = "", ...rest] = lines;
  const note = tensor.note === "" ? "" : `${style.comment} ${tensor.note}`;
  if (!first.endsWith("[") && first.length + note.length <= style.width - indent)
    return { block, lines: [first + note, ...rest] };
  return { block, lines: [note.trim(), ...lines] };
}

function unnoted(
  tensor: NamedTensor,
  style: LiteralStyle,
  { width, inFile }: { width: number; inFile: boolean },
): TensorLines {
  if (inFile) return { block: [], lines: [style.ofFile(tensor)] };
  if (isZero(tensor.values)) return { block: [], lines: [style.zeros(tensor)] };
  const line = style.lists(tensor, nested(tensor, style));
  const onLines = style.rowsOnLines && hasRows(tensor);
  if (line.length <= width && !onLines) return { block: [], lines: [line] };
  const matrix = onLines && tensor.shape.length === 2 ? matrixLines(tensor, style) : [];
  if (matrix.length > 0 && matrix.length <= MOST_ROWS + 2 && matrix.every((row) => row.length <= width))
    return { block: [], lines: matrix };
  const set = setLines(tensor, style);
  if (set !== null) return { block: [], lines: set };
  const numbers = wrapped(Array.from(tensor.values, style.number), style.width);
  return { block: style.block(tensor, numbers), lines: style.ofText(tensor, width) };
}

/** True of a tensor with a list of several lists, each of several numbers. */
function hasRows({ shape }: NamedTensor): boolean {
  return shape.some((size, at) => size > 1 && (shape[at + 1] ?? 1) > 1);
}

function matrixLines(tensor: NamedTensor, style: LiteralStyle): string[] {
  const { values, shape } = tensor;
  const columns = shape.at(-1) ?? 1;
  const rows = Array.from({ length: values.length / columns }, (_, row) =>
    Array.from(values.subarray(row * columns, (row + 1) * columns), style.number).join(", "),
  );
  return style.lists(tensor, `[\n${rows.map((row) => `  [${row}],\n`).join("")}]`).split("\n");
}

/** Zeros with some entries set, where these are few. */
function setLines(tensor: NamedTensor, style: LiteralStyle): string[] | null {
  const places = [...tensor.values.keys()].filter((at) => !Object.is(tensor.values[at], 0));
  if (places.length > MOST_SET) return null;
  return [
    style.zeros(tensor),
    ...places.map((at) => style.set(tensor, indexOf(at, tensor.shape), style.number(tensor.values[at] ?? 0))),
  ];
}

function indexOf(at: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = at;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

function nested({ values, shape }: NamedTensor, style: LiteralStyle): string {
  let items = Array.from(values, style.number);
  for (const size of [...shape].reverse()) {
    const lists: string[] = [];
    for (let at = 0; at < items.length; at += size) lists.push(`[${items.slice(at, at + size).join(", ")}]`);
    items = lists;
  }
  return items.join(", ");
}

/** Words on lines of no more than `width` columns. */
function wrapped(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

/** The shortest decimal of a float32, as most languages read it: `0.5`, `4.0`, `-2e33`; what is not finite by its names. */
export function decimal(value: number, names: { nan: string; infinity: string }): string {
  if (Number.isNaN(value)) return names.nan;
  if (!Number.isFinite(value)) return value < 0 ? `-${names.infinity}` : names.infinity;
  const encoded = encodeFloat32(value);
  if (encoded === "-0") return "-0.0";
  const text = String(encoded).replace("e+", "e");
  return /[.e]/.test(text) ? text : `${text}.0`;
}
