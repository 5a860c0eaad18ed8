import { engine } from "./engine.ts";
import {
  counterVariables,
  iterationsOf,
  type SlotField,
  setIterations,
  slotFields,
} from "./optimizerFields.ts";
import { counterPart, type Part, partNumbers, type StateSource, tensorPart, withTensor } from "./parts.ts";
import type { Optimizer } from "./types.ts";

/** The optimizer's own fields as parts of a state. */
export interface OptimizerSource extends StateSource {
  /**
   * Puts slots that were restored before the optimizer had made them where it looks for them.
   * @param order The variables' own names, in the order in which it gets their gradients.
   */
  install(order: readonly string[]): void;
}

/**
 * Reads and writes an optimizer's slots, powers of beta and count of steps, in its own fields: `getWeights` leaves the powers out,
 * `setWeights` computes them anew and otherwise, and Adamax has neither.
 * @param nameOf What files call a variable, by its own name.
 */
export function optimizerSource(optimizer: Optimizer, nameOf: (own: string) => string): OptimizerSource {
  let waiting = new Map<string, Part>();
  const partName = (own: string, slot: string) => `slot/${nameOf(own)}/${slot}`;
  const present = () => slotFields(optimizer).flatMap((field) => entriesOf(field, partName));
  return {
    take: () => [
      ...present().map(({ name, variable }) => tensorPart(name, "slot", variable)),
      ...[...waiting.values()].map(copy),
      ...counterVariables(optimizer).map(([field, variable]) =>
        tensorPart(`counter/${field}`, "counter", variable),
      ),
      ...[iterationsOf(optimizer)].flatMap((count) =>
        count === null ? [] : [counterPart("counter/iterations", count)],
      ),
    ],
    accepts: ({ name, role }) =>
      role === "slot" && slotFields(optimizer).some(({ slot }) => name.endsWith(`/${slot}`)),
    restore(parts) {
      waiting = new Map(
        [...parts].filter(([, { role }]) => role === "slot").map(([name, part]) => [name, copy(part)]),
      );
      for (const { name, variable, drop } of present()) {
        const part = waiting.get(name);
        if (part === undefined) drop();
        else withTensor(part, (tensor) => variable.assign(tensor));
        waiting.delete(name);
      }
      for (const [field, variable] of counterVariables(optimizer)) {
        const part = parts.get(`counter/${field}`);
        if (part !== undefined) withTensor(part, (tensor) => variable.assign(tensor));
      }
      const count = parts.get("counter/iterations");
      if (count !== undefined) setIterations(optimizer, Number(partNumbers(count)[0]));
    },
    install(order) {
      if (waiting.size === 0) return;
      for (const { slot, entries } of slotFields(optimizer))
        for (const [i, own] of order.entries()) {
          const part = waiting.get(partName(own, slot));
          if (part === undefined || entries[i] !== undefined) continue;
          const variable = withTensor(part, (tensor) => engine().makeVariable(tensor, false));
          entries[i] = { originalName: `${own}/${slot}`, variable };
        }
      waiting = new Map();
    },
  };
}

function entriesOf({ slot, entries }: SlotField, partName: (own: string, slot: string) => string) {
  return entries.flatMap((entry, i) => {
    if (entry === undefined) return [];
    // tensorflow.js calls it by the variable's own name, a slash, and a word of its own.
    const own = entry.originalName.slice(0, entry.originalName.lastIndexOf("/"));
    const drop = () => {
      entry.variable.dispose();
      delete entries[i];
    };
    return [{ name: partName(own, slot), variable: entry.variable, drop }];
  });
}

/** The same part with numbers of its own. */
function copy(part: Part): Part {
  return { ...part, value: partNumbers(part) };
}
