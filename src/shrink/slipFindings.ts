import type { Engine } from "../training/engine.ts";
import { type Finding, findingOf, type Shrinking } from "./finding.ts";

/**
 * Makes a fixture of every other signature that was met while a finding was shrunk, and while these were; one for each
 * signature. Their provenance is the finding's: they come out of the same captured step.
 */
export async function slipFindings(
  engine: Engine,
  { fixture, slips }: Finding,
  others: readonly Engine[],
  shrinking: Shrinking,
  onPart?: (part: string) => void,
): Promise<Finding[]> {
  const start = performance.now();
  const { captured: _, engine: __, shrunkFrom: ___, ...provenance } = fixture.provenance;
  const seen = new Set([fixture.expected.signature]);
  const found: Finding[] = [];
  const waiting = [...slips];
  for (let slip = waiting.shift(); slip !== undefined; slip = waiting.shift()) {
    if (seen.has(slip.death.signature)) continue;
    seen.add(slip.death.signature);
    onPart?.(`also met ${slip.death.signature}; making that one smaller`);
    const left = within(shrinking, performance.now() - start);
    const finding = await findingOf(engine, slip.step, slip.death, provenance, others, left, onPart);
    if (finding === null) continue;
    found.push(finding);
    waiting.push(...finding.slips);
  }
  return found;
}

/** What is left of a shrinking's time after so many milliseconds; trimming alone where that is nothing. */
function within(shrinking: Shrinking, spent: number): Shrinking {
  if (shrinking.kind === "none" || shrinking.budget?.ms === undefined) return shrinking;
  const ms = shrinking.budget.ms - spent;
  return ms > 0 ? { ...shrinking, budget: { ...shrinking.budget, ms } } : { kind: "none" };
}
