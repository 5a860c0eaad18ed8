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
): Promise<Finding[]> {
  const { captured: _, engine: __, shrunkFrom: ___, ...provenance } = fixture.provenance;
  const seen = new Set([fixture.expected.signature]);
  const found: Finding[] = [];
  const waiting = [...slips];
  for (let slip = waiting.shift(); slip !== undefined; slip = waiting.shift()) {
    if (seen.has(slip.death.signature)) continue;
    seen.add(slip.death.signature);
    const finding = await findingOf(engine, slip.step, slip.death, provenance, others, shrinking);
    if (finding === null) continue;
    found.push(finding);
    waiting.push(...finding.slips);
  }
  return found;
}
