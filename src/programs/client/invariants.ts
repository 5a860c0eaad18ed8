import { UsageError } from "../../documents/errors.ts";
import { show } from "./knobChecks.ts";

/** One step as an invariant of a person's own sees it. */
export interface Looked {
  /** The step, counted from 1. */
  step: number;
  loss: number;
  /** Numbers that `watch.gauge` reported in the step, and those that nanproof measures itself: `weight`, `gradient`, ... */
  gauges: Readonly<Record<string, number>>;
}

/** A rule of a person's own for every step. */
export interface ProgramInvariant {
  /** The name that reports and signatures call it. */
  name: string;
  /** Says what is wrong, or null. */
  check(looked: Looked): string | null | undefined;
}

/** A rule that a step broke, and how. */
export interface BrokenRule {
  name: string;
  message: string;
}

/**
 * Checks that a value is a list of invariants.
 * @param where What the message calls the place.
 * @throws UsageError when it is none.
 */
export function checkInvariants(value: unknown, where: string): ProgramInvariant[] {
  if (value === undefined) return [];
  const wrong = Array.isArray(value) ? value.find((one) => !isInvariant(one)) : value;
  if (Array.isArray(value) && wrong === undefined) return value;
  throw new UsageError(
    "NANPROOF_E_INVARIANTS",
    `${where} has invariants with ${show(wrong)}, which is no invariant`,
    'Write a list of { name: "...", check({ step, loss, gauges }) { return null; } }.',
  );
}

/** The rules that a step broke. */
export function brokenRules(invariants: readonly ProgramInvariant[], looked: Looked): BrokenRule[] {
  return invariants.flatMap(({ name, check }) => {
    const message = check(looked);
    return message === null || message === undefined ? [] : [{ name, message: String(message) }];
  });
}

function isInvariant(value: unknown): value is ProgramInvariant {
  const { name, check } = (value ?? {}) as Partial<ProgramInvariant>;
  return (
    typeof name === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) && typeof check === "function"
  );
}
