/** Texts that end a comment, a string, a fence or a tag in one language or another, or set the encoding of a file. */
export const PLANTS = [
  "PLANT\nimport os; os.abort()",
  "PLANT\r\nprocess.exit(9)",
  "PLANT\u2028process.exit(9)//",
  "PLANT\u2029process.exit(9)//",
  "PLANT\u0085os.abort()",
  "PLANT\u000bos.abort()\u000c",
  'PLANT""" + os.abort() + """',
  "PLANT*/ process.exit(9) /*",
  `PLANT\${process.exit(9)}\``,
  "PLANT -*- coding: utf-7 -*- +AAo-os.abort()",
  "PLANT ```\n</details><script>alert(1)</script> @someone #1",
  "PLANT \u202e\u0000\u001b[2J",
];

/** A value of a JSON document. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The paths of all texts of a document. */
export function textsOf(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value === "string") return [path];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A document with another text at a path. */
export function planted(value: Json, [key, ...rest]: (string | number)[], text: string): Json {
  if (key === undefined) return text;
  const copy = structuredClone(value) as { [key: string]: Json };
  copy[String(key)] = planted(copy[String(key)] ?? null, rest, text);
  return copy as Json;
}

/** Everything in a report that Markdown reads as marks: without its fenced script, and without code in a line. */
export function marks(report: readonly string[]): string {
  const fence = report.findIndex((line) => /^`{3,}[a-z]+$/.test(line));
  const ticks = /^`+/.exec(report[fence] ?? "")?.[0] ?? "";
  const end = report.lastIndexOf(ticks);
  return [...report.slice(0, fence), ...report.slice(end + 1)]
    .join("\n")
    .replace(/(`+)[^\n]*?[^`]\1(?!`)/g, "");
}
