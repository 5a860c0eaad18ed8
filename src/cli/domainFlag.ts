import { DOMAIN_NAMES, type Domain, domainSchema } from "../cases/domains.ts";
import { UsageError } from "../cases/errors.ts";
import { describeIssues } from "../cases/issues.ts";
import { readDomain } from "../fixtures/readDomain.ts";
import type { CaseFlags } from "./caseFlags.ts";
import { textFlag } from "./flags.ts";

/** What is drawn where `--domain` is not given. */
export const DEFAULT_DOMAIN = "default";

/** `--domain`. */
export const domainFlag = textFlag(
  "domain",
  `what is drawn: ${DOMAIN_NAMES.join(", ")}, or a JSON file (default ${DEFAULT_DOMAIN})`,
);

/** The flags that fix what a domain would draw. */
type FixingFlags = Pick<CaseFlags, "units" | "layers" | "learning-rate" | "batch"> & {
  domain: string | undefined;
};

/**
 * The domain that the flags name, without what other flags fix: `--units 400` is then never drawn.
 * @throws UsageError when it is no built-in name and no readable file of a domain.
 */
export function huntedDomain(flags: FixingFlags): { domain: Domain; name: string } {
  const name = flags.domain ?? DEFAULT_DOMAIN;
  const { layers, units, learningRate, ...rest } = readDomain(name);
  const { batch } = flags;
  const domain = {
    ...rest,
    ...(layers && !flags.layers && { layers }),
    ...(units && !flags.units && { units }),
    ...(learningRate && flags["learning-rate"] === undefined && { learningRate }),
    ...(batch !== undefined && { rows: { min: batch, max: batch } }),
  };
  const result = domainSchema.safeParse(domain);
  if (result.success) return { name, domain: result.data };
  throw new UsageError(
    "NANPROOF_E_FLAGS",
    `with --batch ${batch} the domain is not valid: ${describeIssues(domain, result.error.issues)}`,
    "change --batch or the domain",
  );
}
