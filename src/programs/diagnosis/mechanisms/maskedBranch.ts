import type { Cause, Evidence, Judge } from "../evidence.ts";
import { unselectedAt } from "../unselected.ts";
import { firstSpoilt } from "../unused.ts";

/**
 * The gradient of a branch that is not selected is 0, and something of the branch is not finite. The site is the operation that
 * makes NaN of the two, also where the Infinity was made before, in the backward pass or by the branch itself. In the forward
 * pass: a mask's 0 times an Infinity that the program wrote down.
 */
export const maskedBranch: Judge = (evidence) => {
  const { graph, operation, phase, given } = evidence;
  if (given !== null) return null;
  if (phase === "forward") return maskedProduct(evidence);
  if (phase !== "backward") return null;
  const infinite = operation.outputs.some(({ inf }) => inf > 0);
  const candidates = [operation, infinite ? firstSpoilt(graph, operation) : null];
  for (const at of candidates) {
    const choice = at === null ? null : unselectedAt(graph, at);
    if (at === null || choice === null) continue;
    const bad = at.inputs.find(({ nan, inf }) => nan + inf > 0);
    const what = bad === undefined ? "0 is divided by 0" : "0 is multiplied with what is not finite";
    return {
      at,
      because: `The gradient that comes in is 0, put there by ${choice.operation} because the branch is not used; ${what}.`,
    };
  }
  return null;
};

function maskedProduct({ kind, value, fromInfinity, operation }: Evidence): Cause | null {
  // Of a product number by number nothing else makes NaN of Infinity.
  const byNumber = operation.bad !== null && operation.bad.operands !== null;
  const isMasked = kind === "product" && fromInfinity && Number.isNaN(value) && byNumber;
  return isMasked ? { because: "An Infinity of the program's own is multiplied with a mask's 0." } : null;
}
