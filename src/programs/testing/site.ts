import { isBad, type Trace, type TraceOperation, type TraceValue } from "../trace/trace.ts";

/** The operation at which a step's first number that lasts stopped being finite. */
export interface TraceSite {
  operation: TraceOperation;
  /** True where the operation made it; else it was given it: a batch or a weight that was not finite before. */
  made: boolean;
}

/**
 * The first operation whose output is not finite though its inputs are, and whose bad value reaches the loss, a gradient, a
 * new weight or a slot. An Infinity that a program writes down on purpose, as masks do, is no input of that kind: it is the
 * operation that makes NaN of it. Where there is neither, the first operation that was given a bad batch or weight.
 */
export function findSite(trace: Trace): TraceSite | null {
  const chain = lastingOperations(trace).filter(({ inputs }) => inputs.length > 0);
  const maker = chain.find(
    ({ inputs, outputs }) => !inputs.some(isBad) || (hasNaN(outputs) && !hasNaN(inputs)),
  );
  if (maker !== undefined) return { operation: maker, made: true };
  const taker = chain[0];
  return taker === undefined ? null : { operation: taker, made: false };
}

/** The operations whose bad outputs reach a result of the step, in order of execution. */
function lastingOperations({ operations, end }: Trace): TraceOperation[] {
  const results = [end.loss, ...[end.gradients, end.weights, end.slots].flatMap((ids) => Object.values(ids))];
  const lasting = new Set(results.filter((id) => id !== null));
  const chain: TraceOperation[] = [];
  for (const operation of operations.toReversed()) {
    if (!operation.outputs.some((output) => isBad(output) && lasting.has(output.id))) continue;
    chain.push(operation);
    for (const input of operation.inputs) if (isBad(input)) lasting.add(input.id);
  }
  return chain.reverse();
}

function hasNaN(values: readonly TraceValue[]): boolean {
  return values.some(({ nan }) => nan > 0);
}
