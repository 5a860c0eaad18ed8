export { CaseEnded, type Death, TrainingDied } from "./programs/client/endings.ts";
export type { Looked, ProgramInvariant } from "./programs/client/invariants.ts";
export type { Choice, Knob, KnobRecord, KnobValue, ValuesOf } from "./programs/client/knobRecords.ts";
export { choice, integer, lengths, logUniform, uniform } from "./programs/client/knobs.ts";
export {
  type Program,
  type ProgramDefinition,
  program,
  type TrainArguments,
} from "./programs/client/program.ts";
export { watch } from "./programs/client/watch.ts";
export type {
  ExtraState,
  Watch,
  WatchedLoss,
  WatchedStep,
  WatchOptions,
} from "./programs/client/watchTypes.ts";
