import type { HostOrder } from "../programs/hostOrder.ts";
import type { Host } from "../programs/program.ts";
import type { StrategyName } from "./plan/strategy.ts";
import type { WorkerOrders } from "./run/tasks.ts";

/** When a hunt ends. */
export type Budget =
  /** After so many cases, counted from the first of the hunt. Nothing depends on the clock then. */
  { kind: "cases"; cases: number } | { kind: "time"; seconds: number };

/** What to hunt, and how. */
export interface HuntSettings {
  /** What is drawn, as the program's generation takes it. */
  space: unknown;
  /** A fix that every case is given: its name, or the path of a user's own; null for none. */
  fix: string | null;
  /** What runs are held to besides that all is finite, as `--invariant` takes it. */
  invariants: readonly string[];
  seed: string;
  budget: Budget;
  /** Processes that run cases at the same time. They change the pace and no result. */
  workers: number;
  strategy: StrategyName;
  /** Fixtures of a signature. */
  keep: number;
  /** Whether they are made as small as they will go. */
  shrink: "whole" | "none";
  host: HostOrder;
  /** What the fatal step of a death is replayed on before it counts. */
  confirm: { order: HostOrder /** As fixtures name it. */; name: string };
  /** Folder for fixtures, and for what is needed to go on; null to write nothing. */
  out: string | null;
  /** What fixtures say of where they come from. */
  provenance: WorkerOrders["provenance"];
}

/**
 * What two hunts have in common when one can go on where the other stopped: all that the fixtures depend on, to the
 * byte, but for how long the hunt is. Of a person's program that is its contents, and not where it stands.
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
