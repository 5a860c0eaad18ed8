import { UsageError } from "../../documents/errors.ts";
import { checkInvariants, type ProgramInvariant } from "./invariants.ts";
import { isKnob, isWhole, show } from "./knobChecks.ts";
import type { Knob, KnobRecord, ValuesOf } from "./knobRecords.ts";
import { watch } from "./watch.ts";
import type { Watch } from "./watchTypes.ts";

/** The arguments of `train`. */
export interface TrainArguments<K extends Record<string, Knob>> {
  /** The values of the knobs, by name. */
  knobs: ValuesOf<K>;
  /** A whole number from 1 on. */
  seed: number;
  /** Uniform in [0, 1), seeded. */
  random: () => number;
  /** The most steps that this case trains. */
  steps: number;
  watch: Watch;
}

/** A whole training, and what may vary in it. */
export interface ProgramDefinition<K extends Record<string, Knob>> {
  /** The knobs that a hunt draws, by name. */
  knobs?: K;
  /** The most steps that a case trains: a whole number from 1 on. */
  steps: number;
  /** Rules of your own for every step. */
  invariants?: ProgramInvariant[];
  train(given: TrainArguments<K>): unknown;
}

const BRAND = Symbol.for("nanproof.program");

/** A training under test: what a program file exports as its default. */
export interface Program {
  readonly knobs: Readonly<Record<string, KnobRecord>>;
  readonly steps: number;
  readonly invariants: readonly ProgramInvariant[];
  train(given: RunArguments): unknown;
}

/** The arguments that the runner of a training gives. */
export type RunArguments = Omit<TrainArguments<Record<string, Knob>>, "watch">;

/**
 * Declares a training: what may vary in it, how many steps a case trains, and the training itself.
 * @throws UsageError when a knob is no knob, or `steps` or `train` are missing.
 */
export function program<K extends Record<string, Knob> = Record<never, never>>(
  definition: ProgramDefinition<K>,
): Program {
  const { knobs = {}, steps, train, invariants } = definition ?? {};
  for (const [name, knob] of Object.entries(knobs)) checkKnob(name, knob);
  if (!isWhole(steps) || steps < 1)
    throw new UsageError(
      "NANPROOF_E_PROGRAM",
      `program(...) has steps: ${show(steps)}, which is no whole number from 1 on`,
      "Say how many steps a case trains at most: program({ steps: 200, ... }).",
    );
  if (typeof train !== "function")
    throw new UsageError(
      "NANPROOF_E_PROGRAM",
      `program(...) has train: ${show(train)}, which is no function`,
      "Write the training as a method: program({ async train({ knobs, seed, watch }) { ... } }).",
    );
  const made = {
    knobs: { ...knobs },
    steps,
    invariants: checkInvariants(invariants, "program(...)"),
    // The host leaves `watch` to the copy of nanproof that the program has imported.
    train: (given: RunArguments) => train.call(definition, { watch, ...given } as never),
  };
  return Object.defineProperty(made, BRAND, { value: true });
}

/** True of a value that `program` made, of this copy of nanproof or another. */
export function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && BRAND in value;
}

function checkKnob(name: string, knob: unknown): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name))
    throw new UsageError(
      "NANPROOF_E_KNOB",
      `${show(name)} is no name for a knob`,
      "Take letters, digits and _, at most 64, the first no digit.",
    );
  if (isKnob(knob)) return;
  throw new UsageError(
    "NANPROOF_E_KNOB",
    `knob ${name} is ${show(knob)}, which is no knob`,
    "Make it with integer, uniform, logUniform, choice or lengths of nanproof/program.",
  );
}
