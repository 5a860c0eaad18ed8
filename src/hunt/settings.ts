import type { Domain } from "../programs/lstm/cases/domains.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { CONFIRMING_ENGINE, DEFAULT_ENGINE, type EngineName } from "../programs/lstm/engines/engine.ts";
import type { StrategyName } from "./strategy.ts";
import type { WorkerOrders } from "./tasks.ts";

/** When a hunt ends. */
export type Budget =
  /** After so many cases, counted from the first of the hunt. Nothing depends on the clock then. */
  { kind: "cases"; cases: number } | { kind: "time"; seconds: number };

/** What to hunt, and how. */
export interface HuntSettings {
  domain: Domain;
  /** What the domain does not draw. */
  base: TrainingCase;
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
  engine: EngineName;
  /** What the fatal step of a death is replayed on before it counts. */
  confirm: EngineName;
  /** Folder for fixtures, and for what is needed to go on; null to write nothing. */
  out: string | null;
  /** What fixtures say of where they come from. */
  provenance: WorkerOrders["provenance"];
}

/** The settings of a hunt; those left out have defaults. */
export type HuntOptions = Pick<HuntSettings, "domain" | "base" | "budget"> & Partial<HuntSettings>;

/** The settings with their defaults. */
export function settingsOf(options: HuntOptions): HuntSettings {
  return {
    fix: null,
    invariants: [],
    seed: "1",
    workers: 1,
    strategy: "guided",
    keep: 1,
    shrink: "whole",
    engine: DEFAULT_ENGINE,
    confirm: CONFIRMING_ENGINE,
    out: null,
    provenance: { nanproof: "library", preset: "library", domain: "of its own" },
    ...options,
  };
}

/**
 * What two hunts have in common when one can go on where the other stopped: all that the fixtures depend on, to the
 * byte, but for how long the hunt is.
 */
export function sameHunt({ workers: _, budget: __, out: ___, ...same }: HuntSettings): unknown {
  const { domain, base, fix, invariants, seed, strategy, keep, shrink, engine, confirm, provenance } = same;
  return {
    ...{ domain, base, fix, seed, strategy, keep, shrink, engine, confirm, provenance },
    ...(invariants.length > 0 && { invariants }),
  };
}
