import * as z from "zod";
import { LIMITS } from "../documents/limits.ts";
import { type HuntHooks, type HuntReport, hunt as huntCases } from "../hunt/hunt.ts";
import { STRATEGY_NAMES } from "../hunt/plan/strategy.ts";
import { checkLargest } from "../programs/lstm/generation/largest.ts";
import { checkedDomain } from "./cases.ts";
import { callback, checked, given, path, thing } from "./check.ts";
import { engineName } from "./engines.ts";
import { type HuntOptions, lstmHunt } from "./huntSettings.ts";
import { checkedShape } from "./testCases.ts";

/** More processes than any machine has cores for. */
const MAX_WORKERS = 256;
const many = z.int().min(1).max(LIMITS.steps);

const options = z
  .strictObject({
    domain: z.unknown(),
    base: z.unknown(),
    budget: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("cases"), cases: z.int().min(1).max(Number.MAX_SAFE_INTEGER) }),
      z.strictObject({ kind: z.literal("time"), seconds: z.number().min(0) }),
    ]),
    fix: z.string().min(1).nullable(),
    invariants: z.array(z.string().min(1)),
    seed: z.string().min(1).max(200),
    workers: z.int().min(1).max(MAX_WORKERS),
    strategy: z.enum(STRATEGY_NAMES),
    keep: many,
    shrink: z.enum(["whole", "none"]),
    engine: engineName,
    confirm: engineName,
    out: path.nullable(),
    provenance: z.strictObject({
      nanproof: z.string().max(60),
      preset: z.string().max(200),
      domain: z.string().max(200),
    }),
  })
  .partial()
  .required({ domain: true, base: true, budget: true });

const hooks = z
  .strictObject({
    onStart: callback<NonNullable<HuntHooks["onStart"]>>(),
    onCase: callback<NonNullable<HuntHooks["onCase"]>>(),
    onLost: callback<NonNullable<HuntHooks["onLost"]>>(),
    onCaptures: callback<NonNullable<HuntHooks["onCaptures"]>>(),
    signal: thing<AbortSignal>((value) => value instanceof AbortSignal, "an AbortSignal"),
    hangSeconds: z.number().gt(0),
  })
  .partial();

/**
 * Generates training runs in a domain, finds those that die, and keeps the first deaths of every
 * signature as fixtures. Replays what the folder holds first, and goes on where a hunt for the same
 * in the same folder was cut short.
 * @throws UsageError when an option is not what it should be, the domain's largest case is no valid one, a JSON file in
 * the folder is no fixture, or nothing can be written there.
 */
export async function hunt(huntOptions: HuntOptions, huntHooks: HuntHooks = {}): Promise<HuntReport> {
  const { domain, base, ...others } = given(checked(options, huntOptions, "options"));
  const space = { domain: checkedDomain(domain), base: checkedShape(base, "options.base") };
  checkLargest(space.domain, space.base);
  return huntCases(
    lstmHunt({ ...others, ...space } as HuntOptions),
    given(checked(hooks, huntHooks, "hooks")) as HuntHooks,
  );
}
