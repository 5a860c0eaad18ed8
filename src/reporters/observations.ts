import type { Observation } from "../documents/observation.ts";
import type { BookedCase } from "../hunt/booked.ts";
import type { HuntSettings } from "../hunt/settings.ts";
import { lostCaseSentence } from "./hunt.ts";
import { labelWords } from "./huntStatistics.ts";

/** Fields that all observations of a hunt have in common. */
export interface CommonFields {
  property: string;
  run_start: number;
}

/** Makes the fields that a hunt's observations have in common. @param start Seconds since 1970. */
export function commonFields({ provenance, fix }: HuntSettings, start: number): CommonFields {
  const { preset, domain } = provenance;
  return {
    property: `hunt of ${preset}${fix === null ? "" : ` with ${fix}`} over ${domain}`,
    run_start: start,
  };
}

/** A case of a hunt as an observation. */
export function observationOf(
  { index, isVaried, ran, lost, testCase, labels }: BookedCase,
  { seed, provenance }: HuntSettings,
  common: CommonFields,
): Observation {
  const timing = ran?.timing && { "generate:case": ran.timing.generate, "execute:test": ran.timing.run };
  return {
    type: "test_case",
    status: ran === null ? "gave_up" : STATUS[ran.status],
    status_reason: reasonOf({ ran, lost }),
    representation: labelWords(labels),
    arguments: testCase as Record<string, unknown>,
    how_generated: isVaried ? "varied from a case that came near to overflow" : "drawn",
    features: {
      ...labels,
      ...(ran !== null && { "target:heat": ran.heat, "steps run": ran.steps }),
    },
    coverage: null,
    timing: timing ?? {},
    metadata: { case: index, seed, signature: ran?.signature ?? null, nanproof: provenance.nanproof },
    ...common,
  };
}

/** The statistics of a hunt as an observation, as other tools write theirs. */
export function statisticsObservation(lines: readonly string[], common: CommonFields): Observation {
  return { type: "info", title: "Hunt statistics", content: lines.join("\n"), ...common };
}

const STATUS = { lived: "passed", died: "failed", stopped: "gave_up", overdue: "gave_up" } as const;

function reasonOf({ ran, lost }: Pick<BookedCase, "ran" | "lost">): string {
  if (ran === null) return lost === null ? "lost" : lostCaseSentence(lost);
  switch (ran.status) {
    case "lived":
      return "";
    case "died":
      return ran.signature ?? "it died, and going over the step again did not show of what";
    case "stopped":
      return `stopped cold after ${ran.steps} steps`;
    case "overdue":
      return `stopped at the deadline for one case, after ${ran.steps} steps`;
  }
}
