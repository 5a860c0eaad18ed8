import { existsSync } from "node:fs";
import { UsageError } from "../../../documents/errors.ts";
import { quotedPath } from "../../../documents/printable.ts";
import { readJson } from "../../../documents/readJson.ts";
import { DOMAIN_NAMES, DOMAINS, type Domain, domainSchema } from "../cases/domains.ts";

/**
 * The domain of that name, or the one in that file.
 * @throws UsageError when it is neither a name nor a file with a valid domain.
 */
export function readDomain(nameOrPath: string): Domain {
  const name = DOMAIN_NAMES.find((known) => known === nameOrPath);
  if (name !== undefined) return DOMAINS[name];
  if (!existsSync(nameOrPath))
    throw new UsageError(
      "NANPROOF_E_DOMAIN",
      `the domain is ${quotedPath(nameOrPath)}: neither a built-in one nor a file`,
      `give one of ${DOMAIN_NAMES.join(", ")}, or the path of a JSON file as schemas/domain.json describes it`,
    );
  return readJson(nameOrPath, "domain", domainSchema);
}
