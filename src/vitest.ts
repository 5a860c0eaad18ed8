import { afterAll, expect } from "vitest";
import type { Invariant } from "./invariants/invariant.ts";
import type { MatcherOptions } from "./vitest/arguments.ts";
import { matchers } from "./vitest/matchers.ts";
import { Unawaited } from "./vitest/unawaited.ts";

declare module "vitest" {
  interface Matchers<T> {
    /** Runs the case: every loss, gradient and weight is finite, and no parameter freezes. To be awaited. */
    toStayFinite(options?: MatcherOptions): Promise<void>;
    /** Runs the case: the gradient norm, before it is clipped, stays below the limit. To be awaited. */
    toHaveBoundedGradients(limit: number, options?: MatcherOptions): Promise<void>;
    /** Runs the case: an invariant of nanproof, or of your own, holds. To be awaited. */
    toHold(invariant: Invariant, options?: MatcherOptions): Promise<void>;
  }
}

const unawaited = new Unawaited();
expect.extend(matchers(unawaited));
afterAll(() => unawaited.checkStrays());
