// Stands in for "nanproof/program", which is not needed here: the program's first step is handed to reproduce.mjs. Knobs
// have the values of the death, and a watched step never gives anything back.
import { handOver } from "./start.mjs";
import { trainingOf } from "./training.mjs";

const stepOf =
  (training) =>
  (...batch) =>
    handOver(training, batch);

export const watch = Object.assign((target, options) => stepOf(trainingOf(target, options)), {
  gauge() {},
  callback(model) {
    const fitted = model.model ?? model;
    const make = fitted.makeTrainFunction;
    let train = null;
    const training = trainingOf(model, {});
    training.run = (batch) => train([...batch]);
    const step = stepOf(training);
    fitted.makeTrainFunction = function () {
      train = make.call(this);
      return (data) => step(...data);
    };
    return {};
  },
});

export const program = (definition) => ({ ...definition, isProgram: true, own: definition });

const knob = (value) => ({ default: value });
export const integer = (min, _max, options = {}) => knob(options.default ?? min);
export const uniform = (min, max, options = {}) => knob(options.default ?? min / 2 + max / 2);
export const logUniform = (min, max, options = {}) =>
  knob(options.default ?? Math.min(max, Math.max(min, Math.sqrt(min) * Math.sqrt(max))));
export const choice = (choices, options = {}) => knob(options.default ?? choices[0]);
export const lengths = ({ rows, time, default: given }) => knob(given ?? new Array(rows[1]).fill(time[1]));

export class CaseEnded extends Error {}
export class TrainingDied extends Error {}
