/** One thing that a command has looked at, for a build. */
export interface BuildItem {
  /** Its name: the path of a fixture, the name of a recording. */
  name: string;
  /** The file to look at, as typed from here: the person's own where the line is known, else the fixture; null where there is none. */
  file: string | null;
  /** Its line; counts from 1. */
  line: number;
  /** `skipped` says nothing, for a reason. */
  outcome: "passed" | "failed" | "skipped";
  /** The result in one word, or a signature. */
  kind: string;
  /** The fault, or why it was skipped, in one sentence; empty where it passed. */
  message: string;
  /** Further facts, and the command to type next, line by line. */
  details: readonly string[];
}

/** The results of a command, for a build: every reporter but `pretty` and `json` makes its text of them. */
export interface BuildReport {
  /** The command's name. */
  command: string;
  /** The subject of the report, such as that of a gate. */
  title: string;
  /** The end of it in one sentence. */
  summary: string;
  items: readonly BuildItem[];
}

/** An item that is well. */
export function passed(name: string, kind: string, details: readonly string[] = []): BuildItem {
  return { name, file: name, line: 1, outcome: "passed", kind, message: "", details };
}

/** An item that is not well, or that says nothing. */
export function notPassed(
  outcome: "failed" | "skipped",
  { name, kind, message, details = [] }: Pick<BuildItem, "name" | "kind" | "message"> & Partial<BuildItem>,
): BuildItem {
  return { name, file: name, line: 1, outcome, kind, message, details };
}
