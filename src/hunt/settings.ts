import type { HostOrder } from "../programs/hostOrder.ts";
import type { Host } from "../programs/program.ts";
import type { StrategyName } from "./plan/strategy.ts";
import type { WorkerOrders } from "./run/tasks.ts";

/** The length of a hunt. */
export type Budget =
  /** After so many cases, counted from the first of the hunt. Nothing depends on the clock then. */
  { kind: "cases"; cases: number } | { kind: "time"; seconds: number };

/** The settings of a hunt. */
export interface HuntSettings {
  /** The space that cases are drawn from, as the program's generation takes it. */
  space: unknown;
  /** A fix that every case is given: its name, or the path of a user's own; null for none. */
  fix: string | null;
  /** Invariants of every run besides `finite`, as `--invariant` takes them. */
  invariants: readonly string[];
  seed: string;
  budget: Budget;
  /** Processes that run cases at the same time. They change the pace and no result. */
  workers: number;
  strategy: StrategyName;
  /** Fixtures of a signature. */
  keep: number;
  /** `whole` where they are made as small as they will go. */
  shrink: "whole" | "none";
  host: HostOrder;
  /** The host that the fatal step of a death is replayed on before it counts. */
  confirm: { order: HostOrder /** As fixtures name it. */; name: string };
  /** Folder for fixtures, and for what is needed to go on; null to write nothing. */
  out: string | null;
  /** The origin that fixtures name. */
  provenance: WorkerOrders["provenance"];
}

/**
 * The settings that two hunts share when one can go on where the other stopped: all that the fixtures depend on, to the
 * byte, but not the length of the hunt. Of a person's program that is its contents, and not its path.
 */
export function sameHunt(
  { workers: _, budget: __, out: ___, host: order, confirm, invariants, ...same }: HuntSettings,
  { file }: Pick<Host, "file">,
): unknown {
  const asked = invariants.length > 0 && { invariants };
  if (order.kind === "engine") {
    const { space, fix, seed, strategy, keep, shrink, provenance } = same;
    const engine = order.engine;
    return { space, fix, seed, strategy, keep, shrink, engine, confirm: confirm.name, provenance, ...asked };
  }
  const { python: ____, file: _____, isFresh: ______, ...how } = order;
  return { ...same, ...how, ...asked, program: file };
}
