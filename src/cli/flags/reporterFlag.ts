import { type Flag, WrongValue } from "./flag.ts";

/** Forms that a result can have. */
const REPORTER_NAMES = ["pretty", "json", "junit", "github", "markdown"] as const;
/** One of {@link REPORTER_NAMES}. */
export type ReporterName = (typeof REPORTER_NAMES)[number];

/** A form, and the file that it goes to; null for stdout. */
export interface AskedReporter {
  name: ReporterName;
  file: string | null;
}

/** `--reporter`, again and again: NAME on stdout, or NAME=FILE. */
export const reporterFlag: Flag<AskedReporter[]> = {
  description: `the form of the result, NAME on stdout or NAME=FILE, again and again: ${REPORTER_NAMES.join(", ")}; on GitHub Actions github is on by itself`,
  default: [],
  defaultWords: "pretty",
  takes: "values",
  read: (texts) => (texts.length === 0 ? [reporterOf("")] : texts.map(reporterOf)),
  texts: (reporters) => reporters.map(({ name, file }) => (file === null ? name : `${name}=${file}`)),
};

function reporterOf(text: string): AskedReporter {
  const [typed = "", ...rest] = text.split("=");
  const name = REPORTER_NAMES.find((known) => known === typed);
  const file = rest.length === 0 ? null : rest.join("=");
  if (name !== undefined && file !== "") return { name, file };
  throw new WrongValue(`one of ${REPORTER_NAMES.join(", ")}, with =FILE where it goes to a file`);
}
