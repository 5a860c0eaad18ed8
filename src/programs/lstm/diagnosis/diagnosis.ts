import { type Violation, violationSignature } from "../../stepInvariant.ts";
import type { StepRecord } from "../../stepRecord.ts";
import type { Batch } from "../cases/batch.ts";
import type { Activation, TrainingCase } from "../cases/schema.ts";
import { type Ending, endingOf, type FirstNaN } from "./ending.ts";
import { type Mechanism, mechanismOf } from "./mechanism.ts";
import { RowHistory } from "./rowHistory.ts";
import { nonFiniteSites, nonFiniteWord, type Site } from "./site.ts";
import { siteOutcome } from "./siteOutcome.ts";
import type { TraceGroup } from "./trace.ts";

/** The cause of a fatal step. */
export interface Diagnosis {
  /** `phase/mechanism/activation of the growing layer`: what makes two failures the same bug. */
  signature: string;
  /** One of the table; of a violation that makes no non-finite value the name of the invariant. */
  mechanism: string;
  /**
   * The first non-finite value in canonical order, those left out that end without harm (see {@link siteOutcome}). Null of a
   * violation that makes none.
   */
  site: Site | null;
  /** The first NaN, where the step makes one. */
  firstNaN: Site | null;
  /** The operation that made the first NaN, or the first non-finite value where there is none. */
  operation: string;
  ending: Ending;
}

/** A site named, and the first NaN that came with it. */
interface Cause {
  site: Site;
  mechanism: Mechanism;
  signature: string;
  nan: FirstNaN | null;
}

/**
 * Reads the trace of a fatal step until the first non-finite value that lasts and the first NaN
 * are found.
 * @returns The diagnosis; null when every value of the trace is finite, or ends without harm.
 */
export function diagnose(
  testCase: TrainingCase,
  batch: Batch,
  trace: Iterable<TraceGroup>,
): Diagnosis | null {
  const history = new RowHistory(testCase, batch);
  const pending = new Map<string, Cause>();
  let cause: Cause | undefined;
  for (const group of trace) {
    for (const site of nonFiniteSites(group)) {
      const outcome = siteOutcome(site, testCase, batch);
      if (outcome.kind === "dropped") continue;
      const nan =
        site.value === "NaN" ? { site, group, metZeroWeight: history.metZeroWeight(site, group) } : null;
      const origin = outcome.through?.map((at) => pending.get(at)).find((led) => led !== undefined);
      if (outcome.kind === "pends") {
        const known = pending.get(outcome.at) ?? origin;
        if (known) known.nan ??= nan;
        if (cause === undefined)
          pending.set(outcome.at, known ?? { ...name(testCase, site, history.around(site, group)), nan });
        continue;
      }
      cause ??= origin ?? { ...name(testCase, site, history.around(site, group)), nan };
      cause.nan ??= nan;
      if (cause.nan !== null) return finish(testCase, cause);
    }
    history.add(group);
  }
  return cause === undefined ? null : finish(testCase, cause);
}

function name(testCase: TrainingCase, site: Site, around: ReturnType<RowHistory["around"]>) {
  const mechanism = mechanismOf(site, around);
  const grower = mechanism === "input-overflow" && site.layer !== null ? site.layer : around.growingLayer;
  const activation: Activation = testCase.model.layers[grower]?.activation ?? "linear";
  return { site, mechanism, signature: `${site.phase}/${mechanism}/${activation}` };
}

function finish({ loss }: TrainingCase, { site, mechanism, signature, nan }: Cause): Diagnosis {
  const ending: Pick<Diagnosis, "operation" | "ending"> =
    nan === null
      ? { operation: "overflow", ending: "other" }
      : endingOf({ first: site, mechanism }, nan, loss.normalise);
  return { signature, mechanism, site, firstNaN: nan?.site ?? null, ...ending };
}

/** The diagnosis of a step that breaks an invariant and makes no non-finite value that lasts. */
export function violationOf(violation: Violation): Diagnosis {
  return {
    signature: violationSignature(violation),
    mechanism: violation.invariant.name,
    site: null,
    firstNaN: null,
    operation: violation.message.slice(0, OPERATION_LENGTH),
    ending: "other",
  };
}

/** The most of a message that a fixture keeps. */
const OPERATION_LENGTH = 100;

/** The diagnosis that a record alone allows, before the step is traced: the first phase, in canonical order, with a non-finite value. */
export function unexamined({ model }: TrainingCase, { loss, finite }: StepRecord): Diagnosis {
  const activation = model.layers[0]?.activation ?? "linear";
  const seen = seenAt(finite);
  const place = { timestep: null, layer: null, row: 0, unit: 0 };
  return {
    signature: `${seen.phase}/not-examined/${activation}`,
    mechanism: "not-examined",
    site: { ...seen, ...place, value: nonFiniteWord(finite.loss ? Number.NaN : loss) },
    firstNaN: null,
    operation: "not examined",
    ending: "other",
  };
}

function seenAt({ loss, gradients }: StepRecord["finite"]): Pick<Site, "phase" | "tensor"> {
  if (!loss) return { phase: "normalise", tensor: "loss" };
  return gradients
    ? { phase: "update", tensor: "updatedKernel" }
    : { phase: "backward", tensor: "kernelGradient" };
}
