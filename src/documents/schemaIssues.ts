import type * as z from "zod";
import { fieldName, shown } from "./fieldName.ts";

type Issue = z.core.$ZodIssue;

/** zod's names of types, in the words of JSON's users. */
const TYPES: Readonly<Record<string, string>> = {
  array: "a list",
  object: "an object",
  record: "an object",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  nonoptional: "a value",
};

/** Wrong things that a message lists; a document can hold thousands. */
const MOST_SHOWN = 40;

/**
 * Says what is wrong in a document, all of it: of each thing the field, the value found there, and what to give
 * instead.
 */
export function describeIssues(json: unknown, issues: readonly Issue[]): string {
  const sentences = issues.slice(0, MOST_SHOWN).map((issue) => sentenceOf(json, deepest(issue)));
  const more = issues.length - sentences.length;
  return [...sentences, ...(more > 0 ? [`and ${more} more`] : [])].join("; ") || "the document is not valid";
}

function sentenceOf(json: unknown, issue: Issue): string {
  const field = fieldName(issue.path) || "the document";
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.slice(0, MOST_SHOWN).map((key) => shown(key));
    const rest = issue.keys.length - keys.length;
    const several = issue.keys.length > 1;
    return `${field} has the unknown key${several ? "s" : ""} ${keys.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}: leave ${several ? "them" : "it"} out`;
  }
  if (issue.code === "custom") return `${field} ${issue.message}`;
  const value = valueAt(json, issue.path);
  return `${field} is ${value === undefined ? "missing" : shown(value)}: ${remedy(issue)}`;
}

/** Of a union, the issue that lies deepest in the document: it names the field that is wrong. */
function deepest(issue: Issue): Issue {
  if (issue.code !== "invalid_union" || isOurs(issue)) return issue;
  const inner = issue.errors
    .flat()
    .map((nested) => deepest({ ...nested, path: [...issue.path, ...nested.path] }))
    .sort((a, b) => b.path.length - a.path.length);
  return inner[0] ?? issue;
}

/** True where a schema gave its own message; zod's begin otherwise. */
function isOurs({ message }: Issue): boolean {
  return message.startsWith("give ");
}

/** Says what to give instead. */
function remedy(issue: Issue): string {
  if (isOurs(issue)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `give ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `give ${issue.values.length > 1 ? "one of " : ""}${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "too_big":
      return `give ${amount(issue.inclusive ? "at most" : "less than", issue.maximum, issue.origin)}`;
    case "too_small":
      return `give ${amount(issue.inclusive ? "at least" : "more than", issue.minimum, issue.origin)}`;
    case "invalid_format":
      return `give a text of the form ${issue.pattern ?? issue.format}`;
    case "invalid_union":
      return issue.discriminator === undefined || !("options" in issue)
        ? issue.message
        : `give one of ${(issue.options as unknown[]).map((value) => JSON.stringify(value)).join(", ")}`;
    default:
      return issue.message;
  }
}

function amount(relation: string, bound: number | bigint, origin: string): string {
  const nouns = { array: ["entry", "entries"], string: ["character", "characters"] }[origin];
  if (nouns === undefined) return `${relation} ${bound}`;
  return `${relation} ${bound} ${Number(bound) === 1 ? nouns[0] : nouns[1]}`;
}

function valueAt(json: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    json,
  );
}
