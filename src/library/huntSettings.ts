import type { Budget, HuntSettings } from "../hunt/settings.ts";
import type { Domain } from "../programs/lstm/cases/domains.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { CONFIRMING_ENGINE, DEFAULT_ENGINE, type EngineName } from "../programs/lstm/engines/engine.ts";
import type { LstmSpace } from "../programs/lstm/generation/generation.ts";

/** The settings of a hunt of the LSTM; those left out have defaults. */
export interface HuntOptions extends Partial<Omit<HuntSettings, "space" | "host" | "confirm" | "budget">> {
  domain: Domain;
  /** Gives what the domain does not draw. */
  base: TrainingCase;
  budget: Budget;
  engine?: EngineName;
  /** The engine that the fatal step of a death is replayed on before it counts. */
  confirm?: EngineName;
}

/** The settings of a hunt of the LSTM, with their defaults. */
export function lstmHunt({
  domain,
  base,
  engine = DEFAULT_ENGINE,
  confirm = CONFIRMING_ENGINE,
  ...options
}: HuntOptions): HuntSettings {
  const space: LstmSpace = { domain, base };
  return {
    fix: null,
    invariants: [],
    seed: "1",
    workers: 1,
    strategy: "guided",
    keep: 1,
    shrink: "whole",
    out: null,
    provenance: { nanproof: "library", preset: "library", domain: "of its own" },
    ...options,
    space,
    host: { kind: "engine", engine },
    confirm: { order: { kind: "engine", engine: confirm }, name: confirm },
  };
}
