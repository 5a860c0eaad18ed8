import { dirname } from "node:path";
import type { CaseSize } from "../cases/size.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { Engine } from "../training/engine.ts";
import { stepSize } from "./edits/numbers.ts";
import { fatalStep } from "./fatalStep.ts";
import { bareFinding, completeFinding, type Finding } from "./finding.ts";
import type { ResumedShrink } from "./savedShrink.ts";
import type { ShrinkOptions } from "./shrinkStep.ts";
import { slipFindings } from "./slipFindings.ts";

/** What became of a fixture that was to be shrunk. */
export type ShrunkFixture =
  | {
      status: "diverged" /** What it dies of on this engine; null where it lives. */;
      signature: string | null;
    }
  | {
      status: "shrunk";
      finding: Finding;
      before: CaseSize;
      /** Whether the case is the one that the fixture had. */
      unchanged: boolean;
      /** Other bugs that were met on the way; none of a step that had been shrunk before, where they were kept then. */
      slips: Finding[];
    };

/** How a fixture is shrunk. */
interface ShrinkFixtureOptions extends ShrinkOptions {
  /** Where to go on from. */
  resume?: ResumedShrink;
  /** Is told of the smaller step before it is confirmed on other engines and tried with the known fixes. */
  onBare?: (finding: Finding) => void;
}

/**
 * Shrinks the fatal step of a fixture. A step that is as small as it will go comes out as it was.
 * @param others Engines to confirm the death on.
 * @throws UsageError when its text cannot be read or the engine cannot run it.
 */
export async function shrinkFixture(
  { path, fixture, binary }: StoredFixture,
  engine: Engine,
  others: readonly Engine[],
  { onBare, ...options }: ShrinkFixtureOptions,
): Promise<ShrunkFixture> {
  const dying = await fatalStep(engine, fixture.case, { folder: dirname(path), ...(binary && { binary }) });
  if (dying?.death.signature !== fixture.expected.signature)
    return { status: "diverged", signature: dying?.death.signature ?? null };
  const { captured, shrunkFrom, engine: _, ...provenance } = fixture.provenance;
  const shrinking = { kind: "passes" as const, ...options };
  const bare = await bareFinding(engine, dying.step, dying.death, provenance, shrinking);
  if (bare === null) return { status: "diverged", signature: dying.death.signature };
  const before = stepSize(dying.step);
  const from: Fixture["provenance"] = { ...fixture.provenance, captured, shrunkFrom: shrunkFrom ?? before };
  const unchanged = isSameCase(fixture, binary, bare);
  const withOrigin = (finding: Finding): Finding => ({
    ...finding,
    fixture: { ...finding.fixture, provenance: from },
  });
  if (!unchanged) onBare?.(withOrigin(bare));
  const finding = await completeFinding(engine, bare, others);
  const { resume: _resume, ...again } = options;
  const slips = unchanged ? [] : await slipFindings(engine, finding, others, { kind: "passes", ...again });
  return {
    status: "shrunk",
    finding: withOrigin(finding),
    before,
    unchanged,
    slips,
  };
}

function isSameCase(fixture: Fixture, binary: Uint8Array | undefined, finding: Finding): boolean {
  return (
    JSON.stringify(fixture.case) === JSON.stringify(finding.fixture.case) &&
    Buffer.compare(binary ?? Buffer.alloc(0), finding.binary ?? Buffer.alloc(0)) === 0
  );
}
