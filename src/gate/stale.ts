import type { Replay } from "../fixtures/replay.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { Host } from "../programs/program.ts";

/**
 * Says why a fixture does not reproduce any more: the environment changed (another version of the engine
 * computes it now), or the fixture is stale (its case or what it expects, or how deaths are named, is
 * not what it was when it was written).
 */
export function whyStale(
  { expected }: Fixture,
  { signature, step, digest, trajectory }: Replay,
  { name, version }: Pick<Host, "name" | "version">,
): string {
  const now =
    trajectory.status === "failed"
      ? `dies of ${signature ?? "a cause unknown"} at step ${step}`
      : `stays finite for ${step} ${step === 1 ? "step" : "steps"}`;
  const outcome = `${now} where ${expected.signature} at step ${expected.step} is expected`;
  const recorded = expected.versions?.[name];
  if (recorded !== undefined && recorded !== version)
    return `environment changed: ${outcome}; it was recorded on ${recorded}, and this is ${version}`;
  if (expected.digests[name] === digest)
    return `stale: ${outcome}; it computes what it did, bit by bit, so what it expects was changed or deaths are named otherwise now`;
  const sure =
    recorded === undefined
      ? `it does not say which version of ${name} it was recorded on`
      : `${version} has not changed`;
  return `stale: ${outcome}; ${sure}, so its case or its expectations were changed since it was written`;
}
