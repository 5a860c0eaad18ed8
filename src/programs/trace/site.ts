import { isBad, type Trace, type TraceOperation } from "./trace.ts";

/** Where a step's first number that lasts stopped being finite. */
export interface TraceSite {
  operation: TraceOperation;
  /** Whether the operation made it, or was given it: a batch or a weight that was not finite before. */
  made: boolean;
}

/**
 * The first operation whose output is not finite though its inputs are, and whose bad value reaches the loss, a gradient, a
 * new weight or a slot. Where there is none, the first that was given such a value.
 */
export function findSite({ operations, end }: Trace): TraceSite | null {
  const results = [end.loss, ...[end.gradients, end.weights, end.slots].flatMap((ids) => Object.values(ids))];
  const lasting = new Set(results.filter((id) => id !== null));
  const chain: TraceOperation[] = [];
  for (const operation of operations.toReversed()) {
    if (!operation.outputs.some((output) => isBad(output) && lasting.has(output.id))) continue;
    chain.unshift(operation);
    for (const input of operation.inputs) if (isBad(input)) lasting.add(input.id);
  }
  const maker = chain.find(({ inputs }) => !inputs.some(isBad));
  if (maker !== undefined) return { operation: maker, made: true };
  const taker = chain[0];
  return taker === undefined ? null : { operation: taker, made: false };
}
