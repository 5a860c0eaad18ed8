import { dirname } from "node:path";
import { heldTo } from "../fixtures/heldTo.ts";
import { isAsExpected } from "../fixtures/replay.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { Diagnosis } from "../programs/death.ts";
import type { CaseSize, Host } from "../programs/program.ts";
import type { ResumedShrink } from "../shrink/resume.ts";
import type { ShrinkOptions } from "../shrink/shrinkStep.ts";
import type { Finding } from "./finding.ts";
import { findingStages } from "./pipeline.ts";
import { runToDeath } from "./runToDeath.ts";

/** The result of shrinking a fixture. */
export type ShrunkFixture =
  | {
      status: "diverged" /** Of its death on this host; null where it lives. */;
      signature: string | null;
    }
  | {
      status: "shrunk";
      finding: Finding;
      before: CaseSize;
      /** True where the case is the one that the fixture had. */
      unchanged: boolean;
      /** Other bugs that were met on the way; none of a step that had been shrunk before, where they were kept then. */
      slips: Finding[];
    };

/** Options of {@link shrinkFixture}. */
interface ShrinkFixtureOptions<Step, D extends Diagnosis> extends ShrinkOptions<Step, D> {
  /** The point to go on from. */
  resume?: ResumedShrink<Step>;
  /** Called with the smaller step before it is confirmed on other hosts and tried with the known fixes. */
  onBare?: (finding: Finding) => void;
}

/**
 * Shrinks the fatal step of a fixture. A step that is as small as it will go comes out as it was.
 * @param others Opens hosts to confirm the death on.
 * @throws UsageError when its text cannot be read or the host cannot run it.
 */
export async function shrinkFixture<Step, D extends Diagnosis>(
  stored: StoredFixture,
  given: Host<unknown, Step, D>,
  others: () => Promise<readonly Host<unknown, Step, D>[]>,
  { onBare, ...options }: ShrinkFixtureOptions<Step, D>,
): Promise<ShrunkFixture> {
  const { path, fixture, binary } = stored;
  const host = heldTo(given, stored);
  const files = { folder: dirname(path), ...(binary && { binary }) };
  const { dead } = await runToDeath(host, fixture.case, files);
  const signature = dead?.fatal.death.signature ?? null;
  if (dead === null || !isAsExpected(host.program, signature, fixture.expected.signature))
    return { status: "diverged", signature };
  const { step: captured, death } = dead.fatal;
  const { captured: size, shrunkFrom, engine: _, ...provenance } = fixture.provenance;
  const shrinking = { kind: "passes" as const, ...options };
  const order = { host, captured, death, provenance, others, shrinking };
  const before = host.program.stepSize(captured);
  const from: Fixture["provenance"] = {
    ...fixture.provenance,
    captured: size,
    shrunkFrom: shrunkFrom ?? before,
  };
  const withOrigin = (found: Finding): Finding => ({
    ...found,
    fixture: { ...found.fixture, provenance: from },
  });
  let finding: Finding | null = null;
  let unchanged = false;
  const slips: Finding[] = [];
  for await (const stage of findingStages(order)) {
    if (stage.kind === "shrunk" && finding === null) {
      unchanged = isSameCase(fixture, binary, stage.finding);
      if (!unchanged) onBare?.(withOrigin(stage.finding));
    }
    if (stage.kind !== "done") continue;
    if (stage.of === "slip") slips.push(stage.finding);
    else finding = stage.finding;
    if (unchanged) break;
  }
  if (finding === null) return { status: "diverged", signature: death.signature };
  return { status: "shrunk", finding: withOrigin(finding), before, unchanged, slips };
}

function isSameCase(fixture: Fixture, binary: Uint8Array | undefined, finding: Finding): boolean {
  return (
    JSON.stringify(fixture.case) === JSON.stringify(finding.fixture.case) &&
    Buffer.compare(binary ?? Buffer.alloc(0), finding.binary ?? Buffer.alloc(0)) === 0
  );
}
