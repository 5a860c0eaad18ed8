export { UnsupportedCaseError, UsageError } from "./documents/errors.ts";
export type { Finding } from "./findings/finding.ts";
export type { RunFinding, RunOrigin } from "./findings/runFinding.ts";
export type { Judgement } from "./fixtures/judge.ts";
export type { Replay } from "./fixtures/replay.ts";
export type { HuntHooks, HuntReport } from "./hunt/hunt.ts";
export { STRATEGY_NAMES, type StrategyName } from "./hunt/plan/strategy.ts";
export type { Budget, HuntSettings } from "./hunt/settings.ts";
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
export type { HuntOptions } from "./library/huntSettings.ts";
export {
  boundedGradients,
  clippedGradients,
  finiteGradients,
  finiteLoss,
  finiteWeights,
  lossInRange,
  notStalled,
} from "./library/invariants.ts";
export type { LstmFixture as Fixture, StoredLstmFixture as StoredFixture } from "./library/lstmFixture.ts";
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
export { clipBySafeGlobalNorm, safeGlobalNorm, safeNormalise, type TensorLike } from "./library/tensors.ts";
export { NORM_FLOOR } from "./numerics/normFloor.ts";
export type { Batch, DataSource, TextReading } from "./programs/lstm/cases/batch.ts";
export { DOMAIN_NAMES, DOMAINS, type Domain, type DomainName } from "./programs/lstm/cases/domains.ts";
export { LAYOUT_NAMES, type LayoutName } from "./programs/lstm/cases/layouts.ts";
export type { Overrides } from "./programs/lstm/cases/overrides.ts";
export { PRESET_NAMES, type PresetName, presets } from "./programs/lstm/cases/presets.ts";
export type { TrainingCase } from "./programs/lstm/cases/schema.ts";
export type { LayerParameters, TrainingState } from "./programs/lstm/cases/state.ts";
export { trainingCaseSchema } from "./programs/lstm/cases/trainingCase.ts";
export type { Diagnosis } from "./programs/lstm/diagnosis/diagnosis.ts";
export {
  DEFAULT_ENGINE,
  ENGINE_NAMES,
  type Engine,
  type EngineName,
  type Training,
} from "./programs/lstm/engines/engine.ts";
export type { RunOptions } from "./programs/lstm/engines/run.ts";
export type { RunHooks } from "./programs/lstm/engines/train.ts";
export type { Fix, FixName } from "./programs/lstm/fixes/fixes.ts";
export type { Comparison } from "./programs/lstm/recordings/compare.ts";
export type { Recording } from "./programs/lstm/recordings/recording.ts";
export type { Agreement, Relation } from "./programs/lstm/relations/relation.ts";
export type { SharedStep } from "./programs/lstm/relations/sharedStep.ts";
export type { StepRecord } from "./programs/stepRecord.ts";
export type { Death, Trajectory } from "./programs/trajectory.ts";
export type { DyingRun } from "./shrink/run/attempt.ts";
export type { ShrinkRunOptions, ShrunkRun } from "./shrink/run/shrinkRun.ts";
