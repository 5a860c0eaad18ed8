import { rerun } from "../fixtures/replay.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { Diagnosis } from "../programs/death.ts";
import type { CaseFiles, Host } from "../programs/program.ts";
import type { StopSignal } from "../programs/run.ts";

/** The outcome of a case on a host. */
export interface HostOutcome<D extends Diagnosis = Diagnosis> {
  host: Host;
  diagnosis: D | null;
  /** The fatal step, or the last one where it lives. */
  step: number;
  digest: string;
}

/** Runs a case on a host, from its start, and says what it dies of. */
export async function outcomeOn<Step, D extends Diagnosis>(
  host: Host<unknown, Step, D>,
  testCase: unknown,
  files: CaseFiles,
  signal?: StopSignal,
): Promise<HostOutcome<D>> {
  const { trajectory, digest } = await rerun(host, testCase, files, signal && { signal });
  const diagnosis = trajectory.status === "failed" ? trajectory.death.diagnosis : null;
  return { host, diagnosis, step: trajectory.steps, digest };
}

/** The fields of a fixture about the hosts that it was tried on. */
type OnHosts = Pick<Fixture["expected"], "reproducesOn" | "digests" | "versions" | "differsOn">;

/**
 * Sorts outcomes by host: where a death reproduces, and what comes out on the others.
 * @param same Tells whether an outcome is the death that the fixture expects.
 * @param differs Says in words what came out instead.
 */
export function seenOn(
  hostNames: readonly string[],
  outcomes: readonly HostOutcome[],
  same: (outcome: HostOutcome) => boolean,
  differs: (outcome: HostOutcome) => string,
): OnHosts {
  const dying = outcomes.filter(same);
  const others = outcomes.filter((outcome) => !same(outcome));
  const record = (of: readonly HostOutcome[], value: (outcome: HostOutcome) => string) =>
    Object.fromEntries(of.map((outcome) => [outcome.host.name, value(outcome)]));
  return {
    reproducesOn: hostNames.filter((name) => dying.some(({ host }) => host.name === name)),
    digests: record(dying, ({ digest }) => digest),
    versions: record(dying, ({ host }) => host.version),
    ...(others.length > 0 && { differsOn: record(others, differs) }),
  };
}
