export { drawCase } from "./cases/arbitrary/drawCase.ts";
export { trainingCase } from "./cases/arbitrary/trainingCase.ts";
export type { Batch, DataSource } from "./cases/batch.ts";
export { openData } from "./cases/data.ts";
export { DOMAIN_NAMES, DOMAINS, type Domain, type DomainName } from "./cases/domains.ts";
export { UnsupportedCaseError, UsageError } from "./cases/errors.ts";
export { type Fix, type FixName, fixes } from "./cases/fixes.ts";
export { LAYOUT_NAMES, type LayoutName, layoutsOf } from "./cases/layouts.ts";
export { applyOverrides, type Overrides } from "./cases/overrides.ts";
export { PRESET_NAMES, type PresetName, presets } from "./cases/presets.ts";
export type { TrainingCase } from "./cases/schema.ts";
export { initialState, type LayerParameters, type TrainingState } from "./cases/state.ts";
export { trainingCaseSchema } from "./cases/trainingCase.ts";
export { openEngine } from "./engines/open.ts";
export { type RunOptions, run } from "./engines/run.ts";
export type { Finding } from "./findings/finding.ts";
export { findingOf } from "./findings/pipeline.ts";
export { type RunFinding, type RunOrigin, runFinding } from "./findings/runFinding.ts";
export { type Comparison, compareRecording } from "./fixtures/compare.ts";
export { type Judgement, judgeFix, measureFixes } from "./fixtures/judge.ts";
export { readDomain } from "./fixtures/readDomain.ts";
export { type Recording, readRecording } from "./fixtures/recording.ts";
export { type Replay, replayFixture, rerun } from "./fixtures/replay.ts";
export type { Fixture } from "./fixtures/schema.ts";
export { readFixture, type StoredFixture, writeFixture } from "./fixtures/store.ts";
export { boundedGradients } from "./invariants/boundedGradients.ts";
export { clippedGradients } from "./invariants/clippedGradients.ts";
export { finiteGradients } from "./invariants/finiteGradients.ts";
export { finiteLoss } from "./invariants/finiteLoss.ts";
export { finiteWeights } from "./invariants/finiteWeights.ts";
export type { Invariant, Verdict } from "./invariants/invariant.ts";
export { lossInRange } from "./invariants/lossInRange.ts";
export { notStalled } from "./invariants/notStalled.ts";
export { clipBySafeGlobalNorm, safeGlobalNorm } from "./numerics/safeGlobalNorm.ts";
export { NORM_FLOOR, safeNormalise } from "./numerics/safeNormalise.ts";
export { isFatal, type StepRecord } from "./programs/stepRecord.ts";
export type { Death, Trajectory } from "./programs/trajectory.ts";
export { enginesAgree } from "./relations/enginesAgree.ts";
export type { Agreement, Relation } from "./relations/relation.ts";
export { rowOrder } from "./relations/rowOrder.ts";
export { digestOf } from "./relations/sameBits.ts";
export { type SharedStep, sharedStep } from "./relations/sharedStep.ts";
export { paddingRow, trailingColumns } from "./relations/trailingPadding.ts";
export { type HuntHooks, type HuntReport, hunt } from "./search/hunt.ts";
export type { Budget, HuntOptions, HuntSettings } from "./search/settings.ts";
export { STRATEGY_NAMES, type StrategyName } from "./search/strategy.ts";
export { type DyingRun, RunAttempts } from "./shrink/run/attempt.ts";
export { type ShrinkRunOptions, type ShrunkRun, shrinkRun } from "./shrink/run/shrinkRun.ts";
export { type Diagnosis, diagnose } from "./training/diagnosis.ts";
export {
  DEFAULT_ENGINE,
  ENGINE_NAMES,
  type Engine,
  type EngineName,
  type Training,
} from "./training/engine.ts";
export { type RunHooks, train } from "./training/run.ts";
