import type { Trace, TraceEnd } from "../trace/trace.ts";
import { leavesOf } from "./batch.ts";
import type { Steps } from "./coroutine.ts";
import { type Observed, observe } from "./observe.ts";
import type { Frame } from "./stack.ts";
import { isTensor } from "./tfjs/engine.ts";
import { probeKernels } from "./tfjs/engineHooks.ts";
import { counterVariables, slotFields } from "./tfjs/optimizerFields.ts";
import { watchRawGradients } from "./tfjs/rawGradients.ts";
import { startTracer } from "./tfjs/tracer.ts";
import type { DataId } from "./tfjs/types.ts";
import { Values } from "./tfjs/values.ts";
import { partName } from "./tfjs/variables.ts";
import type { Training } from "./training.ts";

/** A step that was run with every operation written down. */
export interface TracedStep {
  observed: Observed;
  trace: Trace;
}

/** Runs one step from the state as it is, and writes down every operation of it. */
export function* traceStep(
  training: Training,
  batch: readonly unknown[],
  call: Frame | null,
): Steps<TracedStep> {
  const problem = probeKernels();
  const values = new Values();
  nameLeaves(training, batch, values);
  const axes = new Set(
    leavesOf(batch).leaves.flatMap((leaf) => (leaf.kind === "tensor" ? leaf.value.shape : [])),
  );
  const raw = watchRawGradients();
  const tracer = startTracer(training.model, values, call, axes);
  let observed: Observed;
  let stopped: ReturnType<typeof tracer.stop>;
  let value: DataId | null;
  try {
    observed = yield* observe(training, batch);
  } finally {
    stopped = tracer.stop();
    value = raw.end().value;
  }
  const loss = isTensor(observed.result) ? observed.result.dataId : value;
  const { operations, dropped } = stopped;
  const end: TraceEnd = { ...endOf(training, observed, loss, values), ...(dropped > 0 ? { dropped } : {}) };
  return { observed, trace: { operations, end, notes: problem === null ? [] : [problem] } };
}

function nameLeaves(
  { variables, optimizer, slotName }: Training,
  batch: readonly unknown[],
  values: Values,
): void {
  for (const leaf of leavesOf(batch).leaves)
    if (leaf.kind === "tensor") values.name(leaf.value, `batch/${leaf.path}`);
  for (const named of variables) values.name(named.variable, partName(named));
  for (const { slot, entries } of slotFields(optimizer))
    for (const entry of entries)
      if (entry !== undefined) values.name(entry.variable, slotName(entry.originalName, slot));
  for (const [field, variable] of counterVariables(optimizer)) values.name(variable, `counter/${field}`);
}

function endOf(training: Training, observed: Observed, loss: DataId | null, values: Values): TraceEnd {
  const { variables, optimizer, slotName } = training;
  const slots = slotFields(optimizer).flatMap(({ slot, entries }) =>
    entries.flatMap((entry) =>
      entry === undefined
        ? []
        : [[slotName(entry.originalName, slot), values.id(entry.variable.dataId)] as const],
    ),
  );
  return {
    end: true,
    loss: loss === null ? null : values.id(loss),
    gradients: Object.fromEntries(observed.gradients.map(({ name, dataId }) => [name, values.id(dataId)])),
    weights: Object.fromEntries(
      variables.map((named) => [partName(named), values.id(named.variable.dataId)]),
    ),
    slots: Object.fromEntries(slots),
  };
}
