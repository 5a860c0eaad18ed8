import { shellWord } from "../documents/printable.ts";
import type { Boundary } from "../explain/boundary.ts";
import type { Explanation } from "../explain/explain.ts";
import type { Story } from "../programs/explaining.ts";

/** Rows of the plot. */
const HEIGHT = 8;
/** Columns of it at most; timesteps share one where there are more. */
const WIDTH = 64;
/** Gauges and boundaries that a person is shown; the JSON has them all. */
const MOST = 12;

/** The JSON document of `nanproof explain`. */
export function explainJson({ signature, sentence, story, free, boundaries, sought }: Explanation) {
  const { sentences, growth } = story;
  const { perTimestep, through } = growth;
  return {
    signature,
    sentence,
    story: sentences,
    growth: { perTimestep, perStep: sought.perStep, through },
    free,
    boundaries,
    since: sought.since,
  };
}

/** Why a fixture dies, what it takes and since when it was to be seen, in plain words. */
export function explainSummary(path: string, explanation: Explanation): string[] {
  const { signature, sentence, story, free, boundaries, untried, untellable, sought } = explanation;
  const { perStep } = sought;
  return [
    `${shellWord(path)}: ${signature}`,
    // Where nothing more is known, the story is the sentence.
    ...(story.sentences.includes(sentence) ? [] : [`  ${sentence}`]),
    "",
    "how it died",
    `  ${story.sentences.join(" ")}`,
    ...(perStep === null
      ? []
      : [`  From one training step to the next the largest state grew ${perStep} times before the end.`]),
    ...plot(story).map((line) => `  ${line}`),
    "",
    "what it takes",
    ...some(boundaries.map(boundaryLine)),
    ...(free.length > 0 ? [`  any value of ${listed(free)} dies as well`] : []),
    ...(untried > 0 ? [`  ${untried} more numbers were not tried`] : []),
    "",
    "since when",
    ...sinceLines(explanation),
    ...(untellable.length > 0 ? ["", "what the program does not show"] : []),
    ...untellable.map((sentence) => `  ${sentence}`),
  ];
}

function sinceLines({ sought: { since, healthy, why } }: Explanation): string[] {
  if (why !== null) return [`  not told: ${why}`];
  if (since.length === 0)
    return [`  nothing that was measured left what ${healthy} healthy runs of other seeds show`];
  return some(
    since.map(
      ({ gauge, step, batch }) =>
        `  ${gauge} left what ${healthy} healthy runs show at step ${step}, batch ${batch}`,
    ),
  );
}

/** As many digits as it takes to tell the two apart. */
function boundaryLine({ what, lives, dies }: Boundary): string {
  if (lives === null)
    return `  ${what}: dies down to ${Number(dies.toPrecision(2))}; nothing tried is enough`;
  const digits =
    [3, 4, 5, 6, 7, 8].find((count) => lives.toPrecision(count) !== dies.toPrecision(count)) ?? 9;
  const short = (value: number) => String(Number(value.toPrecision(digits)));
  return `  ${what}: ${short(lives)} lives, ${short(dies)} dies`;
}

function some(lines: string[]): string[] {
  if (lines.length <= MOST) return lines;
  return [...lines.slice(0, MOST), `  and ${lines.length - MOST} more, which --json has`];
}

function listed(pointers: readonly string[]): string {
  if (pointers.length <= MOST) return pointers.join(", ");
  return `${pointers.slice(0, MOST).join(", ")} and ${pointers.length - MOST} more, which --json has,`;
}

/** log10 of the largest state over the timesteps, as a curve of letters. */
function plot({ levels, axis }: Story): string[] {
  if (levels.length < 2) return [];
  const columns = Math.min(WIDTH, levels.length);
  const at = (column: number) => levels[Math.round((column * (levels.length - 1)) / (columns - 1))] ?? 0;
  const [least, most] = [Math.min(...levels), Math.max(...levels)];
  const { what, first, last } = axis ?? { what: "timestep", first: 0, last: levels.length - 1 };
  const rows = Array.from({ length: HEIGHT }, (_, k) => HEIGHT - 1 - k);
  const rowOf = (level: number) =>
    most === least ? 0 : Math.round(((level - least) / (most - least)) * (HEIGHT - 1));
  const label = (row: number) => (row === HEIGHT - 1 ? exponent(most) : row === 0 ? exponent(least) : "");
  return [
    ...rows.map((row) => {
      const line = Array.from({ length: columns }, (_, column) =>
        rowOf(at(column)) === row ? "*" : " ",
      ).join("");
      return `${label(row).padStart(6)} |${line.trimEnd()}`;
    }),
    `${"".padStart(6)} +${"-".repeat(columns)} ${what} ${first} to ${last}`,
  ];
}

function exponent(level: number): string {
  return `1e${Math.round(level)}`;
}
