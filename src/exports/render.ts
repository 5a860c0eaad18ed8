import { encodeFloat32 } from "../numerics/float32.ts";
import { npzBytes } from "./npz.ts";
import type { Reproduction } from "./reproduction.ts";
import type { Target } from "./target.ts";
import { type NamedTensor, writtenCount } from "./tensors.ts";

/** From so many numbers on they lie in a file beside the script. */
const MOST_NUMBERS = 2000;

/** A script, and the file beside it where its numbers are many. */
export interface Rendered {
  script: string;
  /** The file beside it: the ending that the script's own name gets, and the contents. */
  beside: { suffix: ".npz" | ".json"; contents: string | Uint8Array } | null;
  /** Numbers written out. */
  numbers: number;
}

/** A reproduction as the script of a target. */
export function rendered(reproduction: Reproduction, target: Target): Rendered {
  const tensors = target.tensors(reproduction);
  const numbers = writtenCount(tensors);
  const inFile = numbers >= MOST_NUMBERS;
  const script = `${target.script(reproduction, { inFile }).join("\n")}\n`;
  if (!inFile) return { script, beside: null, numbers };
  const beside =
    target.language === "python"
      ? { suffix: ".npz" as const, contents: npzBytes(tensors) }
      : { suffix: ".json" as const, contents: `${JSON.stringify(nestedTensors(tensors))}\n` };
  return { script, beside, numbers };
}

function nestedTensors(tensors: readonly NamedTensor[]): Record<string, unknown> {
  return Object.fromEntries(
    tensors.map(({ name, shape, values }) => [name, nested(Array.from(values), shape)]),
  );
}

function nested(values: readonly number[], shape: readonly number[]): unknown {
  const [size = 1, ...rest] = shape;
  if (rest.length === 0) return values.map(encodeFloat32);
  const each = values.length / size;
  return Array.from({ length: size }, (_, at) => nested(values.slice(at * each, (at + 1) * each), rest));
}
