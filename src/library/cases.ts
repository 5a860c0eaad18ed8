import type * as fc from "fast-check";
import * as z from "zod";
import type { DataSource } from "../programs/lstm/cases/batch.ts";
import { openData as open } from "../programs/lstm/cases/data.ts";
import { type Domain, domainSchema } from "../programs/lstm/cases/domains.ts";
import { type LayoutName, layoutsOf as layouts } from "../programs/lstm/cases/layouts.ts";
import { applyOverrides as apply, type Overrides } from "../programs/lstm/cases/overrides.ts";
import { presets } from "../programs/lstm/cases/presets.ts";
import { type SyntheticSpec, synthetic, type TrainingCase } from "../programs/lstm/cases/schema.ts";
import { initialState as start, type TrainingState } from "../programs/lstm/cases/state.ts";
import { type Fix, type FixName, fixes as known } from "../programs/lstm/fixes/fixes.ts";
import { drawCase as draw } from "../programs/lstm/generation/drawCase.ts";
import { trainingCase as arbitrary } from "../programs/lstm/generation/trainingCase.ts";
import type { CaseFiles } from "../programs/program.ts";
import { bytes, checked, given, hasMethods, thing } from "./check.ts";
import { checkSize } from "./numbers.ts";
import { overridesSchema } from "./overrides.ts";
import { checkedCase, checkedFiles, checkedShape } from "./testCases.ts";

/** A domain that is valid. */
export function checkedDomain(domain: unknown): Domain {
  return checked(domainSchema, domain, "domain", {
    code: "NANPROOF_E_DOMAIN",
    hint: "schemas/domain.json describes a domain; DOMAINS holds some",
  });
}

/**
 * Draws one case, unbiased: no value is likelier for being at the edge of its range. It depends on
 * seed and label alone, whatever was drawn before.
 *
 * @param cases The cases of {@link trainingCase}, made once for all draws.
 */
export function drawCase(cases: fc.Arbitrary<TrainingCase>, seed: string, label: string): TrainingCase {
  const arbitraries = thing<fc.Arbitrary<TrainingCase>>(
    (value) => hasMethods(value, "generate", "shrink"),
    "what trainingCase makes",
  );
  return draw(
    checked(arbitraries, cases, "cases"),
    checked(z.string().min(1).max(200), seed, "seed"),
    checked(z.string(), label, "label"),
  );
}

/**
 * Generates training runs: fresh ones, on synthetic data. Fields that depend on others (layers, rows,
 * lengths) are drawn at full width and cut, so that shrinking one never draws another anew.
 *
 * @param base Gives what the domain leaves out, and always the loss, clipping, cell clip, forget bias and optimizer.
 * @throws UsageError when the domain's largest case with this base is over the bounds of a case.
 */
export function trainingCase(
  domain: Domain,
  base: TrainingCase = presets.published,
): fc.Arbitrary<TrainingCase> {
  return arbitrary(checkedDomain(domain), checkedShape(base, "base"));
}

/**
 * Opens the batches of a case.
 * @throws UsageError when a text is missing, is not UTF-8, or has no usable sentence.
 */
export function openData(testCase: TrainingCase, files: CaseFiles): DataSource {
  const found = checkedFiles(files);
  const data = open(checkedCase(testCase, "testCase", found.binary), found);
  return {
    ...data,
    batch(step) {
      checkSize(step, Number.MAX_SAFE_INTEGER, "step", 0);
      return data.batch(step);
    },
  };
}

/** The layouts that generated data shows, in the order of `LAYOUT_NAMES`; `none` alone where it shows no other. */
export function layoutsOf(spec: SyntheticSpec): LayoutName[] {
  return layouts(checked(synthetic, spec, "spec"));
}

/**
 * A case with some fields replaced. The embedding is as wide as the top layer, since the targets
 * are embeddings too.
 * @throws UsageError when the result is no valid case, naming the field.
 */
export function applyOverrides(base: TrainingCase, overrides: Overrides): TrainingCase {
  return apply(
    checkedShape(base, "base"),
    given(checked(overridesSchema, overrides, "overrides")) as Overrides,
  );
}

/** The state that a case starts from. `binary` is the file beside a fixture, if it has one. */
export function initialState(testCase: TrainingCase, binary?: Uint8Array): TrainingState {
  const file = checked(bytes.optional(), binary, "binary");
  return start(checkedCase(testCase, "testCase", file), file);
}

/** Every fix that nanproof knows, each with the name that `--subject` takes; the presets last. */
export const fixes: readonly (Fix & { name: FixName })[] = known.map((fix) => ({
  ...fix,
  apply: (testCase: TrainingCase) => fix.apply(checkedShape(testCase)),
}));
