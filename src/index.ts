export type { Batch, DataSource, TextReading } from "./cases/batch.ts";
export { DOMAIN_NAMES, DOMAINS, type Domain, type DomainName } from "./cases/domains.ts";
export { UnsupportedCaseError, UsageError } from "./cases/errors.ts";
export type { Fix, FixName } from "./cases/fixes.ts";
export { LAYOUT_NAMES, type LayoutName } from "./cases/layouts.ts";
export type { Overrides } from "./cases/overrides.ts";
export { PRESET_NAMES, type PresetName, presets } from "./cases/presets.ts";
export type { TrainingCase } from "./cases/schema.ts";
export type { LayerParameters, TrainingState } from "./cases/state.ts";
export { trainingCaseSchema } from "./cases/trainingCase.ts";
export type { RunOptions } from "./engines/run.ts";
export type { Finding } from "./findings/finding.ts";
export type { RunFinding, RunOrigin } from "./findings/runFinding.ts";
export type { Comparison } from "./fixtures/compare.ts";
export type { Judgement } from "./fixtures/judge.ts";
export type { Recording } from "./fixtures/recording.ts";
export type { Replay } from "./fixtures/replay.ts";
export type { Fixture } from "./fixtures/schema.ts";
export type { StoredFixture } from "./fixtures/store.ts";
export type { Invariant, Verdict } from "./invariants/invariant.ts";
export {
  applyOverrides,
  drawCase,
  fixes,
  initialState,
  layoutsOf,
  openData,
  trainingCase,
} from "./library/cases.ts";
export { openEngine } from "./library/engines.ts";
export {
  compareRecording,
  judgeFix,
  measureFixes,
  readDomain,
  readFixture,
  readRecording,
  replayFixture,
  rerun,
  writeFixture,
} from "./library/fixtures.ts";
export { hunt } from "./library/hunt.ts";
export {
  boundedGradients,
  clippedGradients,
  finiteGradients,
  finiteLoss,
  finiteWeights,
  lossInRange,
  notStalled,
} from "./library/invariants.ts";
export {
  digestOf,
  enginesAgree,
  paddingRow,
  rowOrder,
  sharedStep,
  trailingColumns,
} from "./library/relations.ts";
export { diagnose, isFatal, run, train } from "./library/run.ts";
export { findingOf, RunAttempts, runFinding, shrinkRun } from "./library/shrink.ts";
export { clipBySafeGlobalNorm, safeGlobalNorm, safeNormalise } from "./library/tensors.ts";
export { NORM_FLOOR } from "./numerics/safeNormalise.ts";
export type { StepRecord } from "./programs/stepRecord.ts";
export type { Death, Trajectory } from "./programs/trajectory.ts";
export type { Agreement, Relation } from "./relations/relation.ts";
export type { SharedStep } from "./relations/sharedStep.ts";
export type { HuntHooks, HuntReport } from "./search/hunt.ts";
export type { Budget, HuntOptions, HuntSettings } from "./search/settings.ts";
export { STRATEGY_NAMES, type StrategyName } from "./search/strategy.ts";
export type { DyingRun } from "./shrink/run/attempt.ts";
export type { ShrinkRunOptions, ShrunkRun } from "./shrink/run/shrinkRun.ts";
export type { Diagnosis } from "./training/diagnosis.ts";
export {
  DEFAULT_ENGINE,
  ENGINE_NAMES,
  type Engine,
  type EngineName,
  type Training,
} from "./training/engine.ts";
export type { RunHooks } from "./training/run.ts";
