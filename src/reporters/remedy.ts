import { shellWord } from "../documents/printable.ts";
import { isEnough, type Remedy, saves } from "../remedy/remedy.ts";
import type { Remedies } from "../remedy/search.ts";

/** The JSON document of `nanproof remedy`: of one fixture its remedies, of several each with its own. */
export function remedyJson(found: readonly { fixture: string; remedies: Remedies }[]) {
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only.remedies.remedies;
  return found.map(({ fixture, remedies }) => ({ fixture, remedies: remedies.remedies }));
}

/** The remedies against a death, best first, in plain words. */
export function remedySummary(
  path: string,
  { signature, remedies, unfixed, healthy, whyNoRun, notJudged }: Remedies,
  code: (fix: string) => Readonly<Record<string, string>> | null,
): string[] {
  const [best] = remedies;
  return [
    `${shellWord(path)}: ${signature}`,
    ...(whyNoRun === null ? [] : [`  tried on the step alone: ${whyNoRun}`]),
    ...(unfixed.of === 0
      ? []
      : [`  without a remedy ${unfixed.lived} of ${unfixed.of} runs of other seeds live`]),
    ...(healthy.runs === 0
      ? []
      : [
          `  ${healthy.runs} of them live ten times as long, to a loss of ${shown(healthy.loss)}${healthy.validationLoss === null ? "" : ` and a validation loss of ${shown(healthy.validationLoss)}`}`,
        ]),
    "",
    ...table(remedies),
    ...notJudgedLines(notJudged),
    "",
    ...(best === undefined || !saves(best) ? ["nothing that was tried helps"] : firstLines(best, code)),
  ];
}

/** Why something was not judged, each reason once, with the remedies that it holds of. */
export function notJudgedLines(notJudged: Remedies["notJudged"]): string[] {
  return [...new Set(notJudged.map(({ why }) => why))].map((why) => {
    const of = notJudged.filter((one) => one.why === why).map(({ fix }) => fix);
    return `  not judged, or in part: ${of.join(", ")}: ${why}`;
  });
}

const HEAD = ["remedy", "step", "run", "seeds", "loss", "validation", "skipped", "trains"];

function table(remedies: readonly Remedy[]): string[] {
  const rows = remedies.map(
    ({ fix, step, run, seeds, loss, validationLoss, skipped, changesWhatIsTrained }) => [
      fix,
      step === "notJudged" ? "-" : step,
      run === null ? "-" : run.lives ? `lives ${run.steps}` : `dies at ${run.steps}`,
      seeds === null ? "-" : `${seeds.lived}/${seeds.of}`,
      shown(loss),
      shown(validationLoss),
      skipped === null ? "-" : String(skipped),
      changesWhatIsTrained ? "something else" : "the same",
    ],
  );
  const widths = HEAD.map((head, k) => Math.max(head.length, ...rows.map((row) => row[k]?.length ?? 0)));
  return [HEAD, ...rows].map((row) =>
    `  ${row.map((cell, k) => cell.padEnd(widths[k] ?? 0)).join("  ")}`.trimEnd(),
  );
}

function firstLines(best: Remedy, code: (fix: string) => Readonly<Record<string, string>> | null): string[] {
  const { fix, step, run, seeds, changesWhatIsTrained } = best;
  const why = [
    step === "holds" && "it saves the fatal step",
    run?.lives && `the run that died lives ${run.steps} steps with it`,
    seeds && `${seeds.lived} of ${seeds.of} runs of other seeds live`,
    changesWhatIsTrained ? "but it trains something else" : "it trains the same",
  ].filter(Boolean);
  const lines = fix.split(" + ").flatMap((one) => {
    const known = code(one);
    return known === null ? [] : Object.entries(known).map(([framework, line]) => `  ${framework}: ${line}`);
  });
  return [`first: ${fix}${isEnough(best) ? "" : ", which is not enough"}: ${why.join(", ")}`, ...lines];
}

function shown(value: number | null): string {
  return value === null ? "-" : String(Number(value.toPrecision(4)));
}
