import { UsageError } from "../../documents/errors.ts";
import { describeIssues } from "../../documents/schemaIssues.ts";
import { DOMAIN_NAMES, type Domain, domainSchema } from "../../programs/lstm/cases/domains.ts";
import { pinned } from "../../programs/lstm/generation/pinned.ts";
import { readDomain } from "../../programs/lstm/generation/readDomain.ts";
import { type CaseFlags, overridesOf } from "./caseFlags.ts";
import { textFlag } from "./kinds.ts";

/** `--domain`. */
export const domainFlag = textFlag({
  description: `what is drawn: ${DOMAIN_NAMES.join(", ")}, or a JSON file`,
  default: "default",
});

/**
 * The domain that `--domain` names, without what other flags give: `--units 400` is then never drawn.
 * @throws UsageError when it is no built-in name and no readable file of a domain, or the flags do not go with it.
 */
export function huntedDomain(flags: CaseFlags & { domain: string }): {
  domain: Domain;
  name: string;
} {
  const { domain: name } = flags;
  const domain = pinned(readDomain(name), overridesOf(flags));
  const result = domainSchema.safeParse(domain);
  if (result.success) return { name, domain: result.data };
  throw new UsageError(
    "NANPROOF_E_FLAGS",
    `with --batch ${flags.batch} the domain is not valid: ${describeIssues(domain, result.error.issues)}`,
    "change --batch or the domain",
  );
}
