import type { Host } from "../../programs/program.ts";
import type { HuntSettings } from "../settings.ts";
import { type GuidedState, guidedStrategy } from "./guided.ts";
import { randomStrategy, type Strategy } from "./strategy.ts";

/** The strategy that a hunt was asked for, with what it has learned before. */
export function strategyOf(
  { strategy, space, seed }: Pick<HuntSettings, "strategy" | "space" | "seed">,
  { program: { generation } }: Host,
  learned: GuidedState | null,
): Strategy {
  if (strategy === "random") return randomStrategy();
  const { guidance } = generation;
  return guidedStrategy({ seed, guidance, cases: generation.cases(space, seed) }, learned);
}
