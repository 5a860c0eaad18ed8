import { UsageError } from "../../documents/errors.ts";
import { drive } from "./coroutine.ts";
import { CaseEnded } from "./endings.ts";
import type { Form } from "./form.ts";
import { gauge } from "./gauges.ts";
import { modelForm } from "./modelForm.ts";
import { observe } from "./observe.ts";
import { openScript } from "./script.ts";
import { currentHost, type HostedTraining } from "./seam.ts";
import { deepError } from "./stack.ts";
import { made, trainingOf } from "./targets.ts";
import { probeKernels } from "./tfjs/engineHooks.ts";
import { callerOf } from "./tfjs/places.ts";
import type { LayersModel } from "./tfjs/types.ts";
import { traceStep } from "./traceStep.ts";
import type { Training } from "./training.ts";
import type { Watch, WatchOptions } from "./watchTypes.ts";

/** Wraps one training step: it trains as before, and its death is captured. */
export const watch: Watch = Object.assign(watchAny as unknown as Watch, { gauge, callback });

function watchAny(target: unknown, options: WatchOptions = {}) {
  const all = { ...optionsIn(target), ...options };
  return stepOf(trainingOf(target, all, hostSources()), all);
}

/** The options among the fields of `{ variables, optimizer, ... }`. */
function optionsIn(target: unknown): WatchOptions {
  if (typeof target !== "object" || target === null || "trainOnBatch" in target) return {};
  const { state, invariants, onDeath, findings } = target as WatchOptions;
  const given = Object.entries({ state, invariants, onDeath, findings });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function hostSources() {
  return currentHost()?.sources ?? [];
}

/** The function that is called instead of the person's step. */
function stepOf(training: Training, options: WatchOptions) {
  const made = callerOf(deepError());
  const host = currentHost();
  const script = host === null ? openScript(training, options) : null;
  let running = false;
  return (...batch: unknown[]): unknown => {
    if (running)
      throw new UsageError(
        "NANPROOF_E_STEP",
        "step was called again before the step before was over",
        "Wait for each step: `await step(...)`.",
      );
    // The stack is made now, for after an `await` it is gone, and read only when something has happened.
    const error = deepError();
    const call = () => callerOf(error) ?? made;
    const steps = function* () {
      running = true;
      try {
        if (script !== null) return yield* script.step(batch, call);
        return yield* (host as NonNullable<typeof host>).step(hosted(training, call), batch);
      } finally {
        running = false;
      }
    };
    return drive(steps());
  };
}

function hosted(training: Training, call: () => ReturnType<typeof callerOf>): HostedTraining {
  return {
    training,
    invariants: training.invariants,
    observe: (batch) => observe(training, batch),
    trace: (batch) => traceStep(training, batch, call()),
    ended: () => new CaseEnded(),
    probe: probeKernels,
  };
}

/** A model, as far as it makes the function that `fit` calls for every batch. */
interface Fitted {
  makeTrainFunction(): (data: unknown[]) => unknown;
}

/** Wraps a model's train step, for `fit` shows its callbacks no batch. */
function callback(model: LayersModel, options: WatchOptions = {}): Record<string, never> {
  // A sequential model trains the model in it.
  const fitted = ((model as { model?: object }).model ?? model) as Fitted;
  const make = fitted.makeTrainFunction;
  let train: (data: unknown[]) => unknown = () => undefined;
  const form: Form = { ...modelForm(model), run: (batch) => train([...batch]) };
  const step = stepOf(made(form, options, hostSources()), options);
  fitted.makeTrainFunction = function (this: Fitted) {
    train = make.call(this);
    return (data) => step(...data);
  };
  return {};
}
