import { UsageError } from "../documents/errors.ts";
import type { StepInvariant } from "../programs/stepInvariant.ts";
import { NAMED_INVARIANTS } from "./table.ts";

/**
 * The invariant that a text names: NAME or NAME=BOUND.
 * @throws UsageError when there is none of that name, or the bound is no number over 0.
 */
export function namedInvariant(spec: string): StepInvariant {
  const [name = "", ...rest] = spec.split("=");
  const known = Object.hasOwn(NAMED_INVARIANTS, name) ? NAMED_INVARIANTS[name] : undefined;
  const names = Object.keys(NAMED_INVARIANTS).join(", ");
  if (known === undefined)
    throw new UsageError(
      "NANPROOF_E_INVARIANT",
      `--invariant is ${JSON.stringify(spec)}: there is no such invariant`,
      `give one of ${names}, with =BOUND where it has one, or the path of an ES module that exports invariants`,
    );
  if (rest.length === 0) return known.make(spec, known.bound ?? 0);
  const text = rest.join("=");
  const bound = text.trim() === "" ? Number.NaN : Number(text);
  if (known.bound === null || !(bound > 0) || !Number.isFinite(bound))
    throw new UsageError(
      "NANPROOF_E_INVARIANT",
      `--invariant is ${JSON.stringify(spec)}: ${known.bound === null ? `${name} takes no bound` : "the bound is no number over 0"}`,
      known.bound === null
        ? `give --invariant ${name}`
        : `give a number, as in --invariant ${name}=${known.bound}`,
    );
  return known.make(spec, bound);
}

/** True for a text that names an invariant of the table, with or without a bound. */
export function isNamed(spec: string): boolean {
  return Object.hasOwn(NAMED_INVARIANTS, spec.split("=")[0] ?? "");
}
