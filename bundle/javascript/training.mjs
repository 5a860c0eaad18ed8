// A training of tensorflow.js: its state by name, put back, and one step of it.
import { isTensor, makeTensor } from "./tensors.mjs";

/** Short names for the fields of the optimizers of tensorflow.js; another optimizer's fields are called what they are. */
export const SLOTS = {
  accumulations: "momentum",
  accumulatedMeanSquares: "rms",
  accumulatedMoments: "momentum",
  accumulatedMeanGrads: "mg",
  accumulatedGrads: "accumulator",
  accumulatedUpdates: "accum_var",
  accumulatedFirstMoment: "m",
  accumulatedSecondMoment: "v",
  accumulatedWeightedInfNorm: "v",
};

const isVariable = (value) => isTensor(value) && typeof value.assign === "function";

/** What `watch` was given: a compiled model, or variables and an optimizer with a loss or a whole step. */
export function trainingOf(target, options = {}) {
  const { optimizer } = target;
  const isModel = typeof target.trainOnBatch === "function";
  const variables = isModel ? modelVariables(target) : named(target.variables);
  const extra = options.state ?? (isModel ? undefined : target.state);
  const names = new Map(variables.map(({ name, variable }) => [variable.name, name]));
  const slots = slotsOf(optimizer, (own) => names.get(own) ?? own);
  return {
    run: isModel
      ? ([x, y]) => target.trainOnBatch(x, y)
      : target.step
        ? (batch) => target.step(...batch)
        : lossStep,
    lossOf: (result) => {
      const first = Array.isArray(result) ? result[0] : result;
      return isTensor(first) ? Number(first.dataSync()[0]) : Number(first);
    },
    restore(state) {
      for (const { role, name, variable } of variables) assign(variable, state.get(`${role}/${name}`), name);
      slots.restore(state);
      if (isModel) restoreLayers(target, state);
      if (extra !== undefined) restoreExtra(extra, state);
    },
    *numbers() {
      yield* slots.gradients;
      for (const { role, name, variable } of variables)
        if (role === "weight") yield ["weight", name, variable.dataSync()];
      for (const { name, variable } of slots.present()) yield ["slot", name.slice(5), variable.dataSync()];
    },
  };

  function lossStep(batch) {
    const trained = variables.filter(({ role }) => role === "weight").map(({ variable }) => variable);
    return optimizer.minimize(() => target.loss(...batch), true, trained);
  }
}

function assign(variable, stored, name) {
  if (stored === undefined) throw new Error(`the state has no ${name}`);
  const tensor = makeTensor(stored);
  variable.assign(tensor);
  tensor.dispose();
}

function named(variables) {
  const entries = Object.entries(variables);
  const names = canonicalNames(entries.map(([name]) => name));
  return entries.map(([, variable], i) => ({ ...roleOf(variable.trainable), name: names[i], variable }));
}

function modelVariables({ weights }) {
  const names = canonicalNames(weights.map(({ originalName }) => originalName));
  return weights.map((weight, i) => ({
    ...roleOf(weight.trainable),
    name: names[i],
    variable: weight.read(),
  }));
}

const roleOf = (trained) => ({ role: trained ? "weight" : "buffer" });

/** Names without the numbers that depend on what the process made before: `lstm_LSTM7` is `lstm_LSTM1`. */
function canonicalNames(names) {
  const numbers = new Map();
  const renamed = names.map((name) =>
    name.replace(/([a-z0-9_]+)_([A-Z][A-Za-z0-9]*?)(\d+)(?=$|\/|_\d+$)/g, (all, snake, prefix, number) => {
      const words = prefix.replace(/(.)([A-Z][a-z0-9]+)/g, "$1_$2").replace(/([a-z])([A-Z])/g, "$1_$2");
      if (!snake.endsWith(words.toLowerCase())) return all;
      const seen = numbers.get(prefix) ?? new Map();
      numbers.set(prefix, seen);
      if (!seen.has(number)) seen.set(number, seen.size + 1);
      return `${snake}_${prefix}${seen.get(number)}`;
    }),
  );
  const count = new Map();
  return renamed.map((name) => {
    const before = count.get(name) ?? 0;
    count.set(name, before + 1);
    return before === 0 ? name : `${name}_${before}`;
  });
}

/** An optimizer's slots. Those that it makes at its first gradients are put where it looks for them just before. */
function slotsOf(optimizer, nameOf) {
  const fields = () =>
    Object.entries(optimizer).filter(
      ([field, value]) =>
        Array.isArray(value) &&
        (value.length > 0
          ? value.every((one) => one === undefined || isVariable(one?.variable))
          : field in SLOTS),
    );
  const partName = (own, field) => `slot/${nameOf(own)}/${SLOTS[field] ?? field}`;
  const slots = { gradients: [], present, restore };
  let waiting = new Map();

  function present() {
    return fields().flatMap(([field, entries]) =>
      entries.flatMap((entry, i) => {
        if (entry === undefined) return [];
        const own = entry.originalName.slice(0, entry.originalName.lastIndexOf("/"));
        return [{ name: partName(own, field), variable: entry.variable, drop: () => delete entries[i] }];
      }),
    );
  }

  function restore(state) {
    waiting = new Map([...state].filter(([name]) => name.startsWith("slot/")));
    for (const { name, variable, drop } of present()) {
      if (waiting.has(name)) assign(variable, waiting.get(name), name);
      else drop();
      waiting.delete(name);
    }
    for (const [field, value] of Object.entries(optimizer))
      if (isVariable(value)) assign(value, state.get(`counter/${field}`), field);
    const count = state.get("counter/iterations");
    if (count !== undefined) optimizer.iterations_ = count.numbers[0];
  }

  function install(order) {
    const engine = globalThis._tfengine;
    for (const [field, entries] of fields())
      for (const [i, own] of order.entries()) {
        const stored = waiting.get(partName(own, field));
        if (stored === undefined || entries[i] !== undefined) continue;
        const variable = engine.makeVariable(makeTensor(stored), false);
        entries[i] = { originalName: `${own}/${SLOTS[field] ?? field}`, variable };
      }
    waiting = new Map();
  }

  const apply = optimizer.applyGradients;
  optimizer.applyGradients = function (gradients) {
    const given = Array.isArray(gradients)
      ? gradients.map(({ name, tensor }) => [name, tensor])
      : Object.entries(gradients);
    install(given.map(([own]) => own));
    for (const [own, tensor] of given)
      if (tensor !== null && tensor !== undefined)
        slots.gradients.push(["gradient", nameOf(own), tensor.dataSync().slice()]);
    apply.call(this, gradients);
  };
  return slots;
}

/** The states that `stateful` recurrent layers carry from batch to batch. */
function restoreLayers(model, state) {
  const stateful = allLayers(model).filter((layer) => layer.stateful === true && "states_" in layer);
  for (const [i, layer] of stateful.entries()) {
    const states = [];
    for (let k = 0; state.has(`buffer/stateful${i}/${k}`); k++)
      states.push(makeTensor(state.get(`buffer/stateful${i}/${k}`)));
    if (states.length > 0) layer.states_ = states;
  }
}

function allLayers({ layers, layer, forwardLayer, backwardLayer, cell, cells }) {
  const inside = [...(layers ?? []), layer, forwardLayer, backwardLayer, cell, ...(cells ?? [])];
  const children = inside.filter((one) => one !== undefined && one !== null);
  return [...new Set(children.flatMap((child) => [child, ...allLayers(child)]))];
}

/** What the program saves beside variables and optimizer. */
function restoreExtra({ get, set }, state) {
  const tensors = {};
  for (const name of Object.keys(get())) {
    const stored = state.get(`buffer/state/${name}`);
    if (stored !== undefined) tensors[name] = makeTensor(stored);
  }
  set(tensors);
}
