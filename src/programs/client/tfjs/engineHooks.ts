import type { Phase } from "../../trace/trace.ts";
import { engine } from "./engine.ts";
import type { KernelCall, Tensor } from "./types.ts";

/** The events of a step, from the one file that reaches into the engine. */
export interface KernelListener<C> {
  /** A kernel, or a function with a gradient of a person's own, is about to run: where. */
  enter(): C;
  /** A kernel has run. */
  ran(
    call: Required<Pick<KernelCall, "kernelName">> & KernelCall,
    outputs: Tensor[],
    at: C,
    phase: Phase,
  ): void;
  /** A gradient is about to be computed: that of what ran at a place. */
  enterGradient(of: C): void;
}

/** The marker by which a stack shows where the gradient of one operation begins. */
function nanproofGradient<T>(run: () => T): T {
  return run();
}

/**
 * Listens to every kernel of tensorflow.js, forward and backward, until the function that it gives is called. It wraps
 * methods of `tf.engine()` that are not public: {@link probeKernels} says whether they are as expected.
 */
export function listenToKernels<C>(listener: KernelListener<C>): () => void {
  const tf = engine();
  const { runKernelFunc, addTapeNode, gradients, tidy } = tf;
  const entered: C[] = [];
  // One entry for each call for gradients that is not over; the phase begins with the loss.
  const phases: { phase: Phase; forwardOver: boolean }[] = [];
  let base: Phase = "forward";

  tf.runKernelFunc = function (this: typeof tf, call: KernelCall) {
    const at = listener.enter();
    entered.push(at);
    try {
      const made = runKernelFunc.call(this, call);
      const { kernelName } = call;
      const phase = phases.at(-1)?.phase ?? base;
      // An identity within a kernel only holds what its gradient will need.
      const holds = kernelName === "Identity" && entered.length > 1;
      if (kernelName !== undefined && !holds)
        listener.ran({ ...call, kernelName }, Array.isArray(made) ? made : [made], at, phase);
      return made;
    } finally {
      entered.pop();
    }
  };
  tf.addTapeNode = function (this: typeof tf, ...node) {
    const at = entered.at(-1) ?? listener.enter();
    addTapeNode.apply(this, node);
    const tape = (this.state as unknown as { activeTape: TapeNode[] }).activeTape.at(-1);
    const gradient = tape?.gradient;
    if (tape === undefined || gradient === undefined) return;
    tape.gradient = (dys) => {
      listener.enterGradient(at);
      const found = nanproofGradient(() => gradient(dys));
      return Object.fromEntries(
        Object.entries(found).map(([name, compute]) => [
          name,
          () => {
            listener.enterGradient(at);
            return nanproofGradient(compute);
          },
        ]),
      );
    };
  };
  tf.gradients = function (this: typeof tf, ...given) {
    phases.push({ phase: "forward", forwardOver: false });
    try {
      return gradients.apply(this, given);
    } finally {
      phases.pop();
      if (phases.length === 0) base = "update";
    }
  };
  tf.tidy = function (this: typeof tf, name: unknown, run?: unknown) {
    const current = phases.at(-1);
    if (name === "backward" && current?.forwardOver) current.phase = "backward";
    try {
      return tidy.call(this, name as string, run as () => unknown);
    } finally {
      if (name === "forward" && current !== undefined && current === phases.at(-1))
        current.forwardOver = true;
    }
  } as typeof tf.tidy;
  return () => Object.assign(tf, { runKernelFunc, addTapeNode, gradients, tidy });
}

interface TapeNode {
  gradient?: (dys: unknown) => Record<string, () => Tensor>;
}

/** Tries whether this version of tensorflow.js lets its kernels be seen. @returns Null, or a sentence on what is missing. */
export function probeKernels(): string | null {
  const tf = engine();
  const seen: string[] = [];
  const stop = listenToKernels<null>({
    enter: () => null,
    ran: ({ kernelName }, _, __, phase) => seen.push(`${phase} ${kernelName}`),
    enterGradient: () => seen.push("gradient"),
  });
  const value = tf.keep(tf.makeTensor(Float32Array.of(2), [], "float32"));
  const x = tf.makeVariable(value, true, `nanproof/probe${value.id}`);
  try {
    const found = tf.gradients(() => tf.runKernel("Multiply", { a: x, b: x }), [x]);
    found.value.dispose();
    for (const gradient of found.grads) gradient?.dispose();
  } catch (error) {
    return `tensorflow.js computes otherwise than expected: ${(error as Error).message}`;
  } finally {
    stop();
    x.dispose();
    value.dispose();
  }
  const expected = ["forward Multiply", "gradient", "backward Multiply"];
  const missing = expected.filter((event) => !seen.includes(event));
  return missing.length === 0
    ? null
    : `this version of tensorflow.js does not show its kernels: no ${missing.join(", ")}`;
}
