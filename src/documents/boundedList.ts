import * as z from "zod";
import { FLOAT32_OVERFLOW, type Float32Json } from "../numerics/float32.ts";

type JsonSchema = Record<string, unknown>;

/**
 * A list that is checked up to its first wrong item. zod's own array goes on and keeps an issue for
 * every wrong item, which a file of some megabytes turns into gigabytes.
 */
export function list<T extends z.ZodType>(
  item: T,
  { min = 0, max }: { min?: number; max?: number } = {},
): z.ZodType<z.output<T>[]> {
  const unchecked = z.array(z.unknown());
  const atLeast = min > 0 ? unchecked.min(min) : unchecked;
  const bounded = max === undefined ? atLeast : atLeast.max(max);
  return bounded
    .transform((items, context) => {
      const checked: z.output<T>[] = [];
      for (const [index, value] of items.entries()) {
        const result = item.safeParse(value);
        if (!result.success) {
          for (const issue of result.error.issues)
            context.issues.push({ ...issue, path: [index, ...issue.path] } as z.core.$ZodRawIssue);
          return z.NEVER;
        }
        checked.push(result.data);
      }
      return checked;
    })
    .meta({
      // Made when the JSON Schema is asked for: reading a file has no need of it.
      get items() {
        return jsonSchemaOf(item);
      },
    });
}

/** Float32s that JSON numbers cannot say, as they are written. */
const NAMES = ["NaN", "Infinity", "-Infinity", "-0"] as const;
const FLOAT32_REMEDY = `give a float32: a number below ${FLOAT32_OVERFLOW.toPrecision(8)} either way, or one of ${NAMES.map((name) => `"${name}"`).join(", ")}`;

/** A float32; what JSON numbers cannot say is written as a string. */
export const float32: z.ZodType<Float32Json> = z.union(
  [z.number().gt(-FLOAT32_OVERFLOW).lt(FLOAT32_OVERFLOW), z.enum(NAMES)],
  {
    error: FLOAT32_REMEDY,
  },
);

const isFloat32 = (value: unknown): boolean =>
  typeof value === "number"
    ? Math.abs(value) < FLOAT32_OVERFLOW
    : (NAMES as readonly unknown[]).includes(value);

/** Float32s in nested lists: `numbers(1)` a vector, `numbers(2)` a matrix, `numbers(3)` sequences. */
export function numbers(depth: 1): z.ZodType<Float32Json[]>;
export function numbers(depth: 2): z.ZodType<Float32Json[][]>;
export function numbers(depth: 3): z.ZodType<Float32Json[][][]>;
export function numbers(depth: number): z.ZodType {
  return z
    .unknown()
    .superRefine((value, context) => {
      const wrong = firstWrong(value, depth, []);
      if (wrong === null) return;
      context.addIssue({
        code: "invalid_value",
        values: [...NAMES],
        input: wrong.value,
        path: wrong.path,
        message: wrong.message,
        // What looks at the tensors of a document together must not meet what is none.
        continue: false,
      });
    })
    .meta({
      type: "array",
      get items() {
        return listsOf(float32, depth - 1);
      },
    });
}

/** Checked by hand, and no further than the first wrong entry: there may be millions. */
function firstWrong(
  value: unknown,
  depth: number,
  path: number[],
): { path: number[]; value: unknown; message: string } | null {
  if (depth === 0) {
    return isFloat32(value) ? null : { path, value, message: FLOAT32_REMEDY };
  }
  if (!Array.isArray(value)) {
    const nested = depth === 1 ? "" : ` (${depth} levels of lists)`;
    return { path, value, message: `give a list of numbers${nested}` };
  }
  for (let i = 0; i < value.length; i++) {
    if (depth === 1 && isFloat32(value[i])) continue;
    const wrong = firstWrong(value[i], depth - 1, [...path, i]);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** The JSON Schema of lists of lists of an item, `depth` deep. */
function listsOf(item: z.ZodType, depth: number): JsonSchema {
  return depth === 0 ? jsonSchemaOf(item) : { type: "array", items: listsOf(item, depth - 1) };
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: "input" });
  return json;
}
