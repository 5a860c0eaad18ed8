import * as z from "zod";
import { UsageError } from "../documents/errors.ts";
import { shown } from "../documents/fieldName.ts";
import { describeIssues } from "../documents/schemaIssues.ts";

/** The name of a mistake in an argument, and what to do about it. */
interface Refusal {
  code: UsageError["code"];
  hint: string;
}

const ARGUMENT: Refusal = {
  code: "NANPROOF_E_ARGUMENT",
  hint: "give what its type says; an editor that checks types shows it",
};

/**
 * An argument of a public function, as its schema has it.
 * @param name Its name in messages: `testCase`, and `testCase.steps` for what is in it.
 * @throws UsageError naming the field, the value and what to give instead.
 */
export function checked<T>(
  schema: z.ZodType<T>,
  value: unknown,
  name: string,
  { code, hint }: Refusal = ARGUMENT,
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const place = placeOf(name);
  const document = place.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const issues = result.error.issues.map((issue) => ({ ...issue, path: [...place, ...issue.path] }));
  throw new UsageError(code, describeIssues(document, issues), hint);
}

/** A name as a place in a document: `others[0].name` is others, 0, name. */
function placeOf(name: string): (string | number)[] {
  return [...name.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([key, index]) =>
    index === undefined ? key : Number(index),
  );
}

/** Something that a schema cannot look into: a callback, an instance. */
export function thing<T>(is: (value: unknown) => boolean, what: string): z.ZodType<T> {
  return z.custom<T>(is, { error: ({ input }) => `is ${kindOf(input)}: give ${what}` });
}

function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  return typeof value === "function" ? "a function" : shown(value);
}

/** True for a value that has properties to look at. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** True for an object with these methods. */
export function hasMethods(value: unknown, ...names: string[]): boolean {
  return isObject(value) && names.every((name) => typeof value[name] === "function");
}

/** A function that is called back. */
export const callback = <T>() => thing<T>((value) => typeof value === "function", "a function");
/** An AbortSignal, or the like of it. */
export const stopSignal = thing<{ readonly aborted: boolean }>(
  (value) => isObject(value) && typeof value.aborted === "boolean",
  "an AbortSignal",
);
/** A path of a file or folder. */
export const path = z
  .string()
  .min(1)
  .refine((value) => !value.includes("\0"), { message: "has a NUL in it: give a path" });
/** Contents of a file. */
export const bytes = thing<Uint8Array>((value) => value instanceof Uint8Array, "a Uint8Array");

/** The object without the keys that hold undefined: left out, they have their defaults. */
export function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
