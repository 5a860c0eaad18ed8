/**
 * The part of tensorflow.js that nanproof uses. Programs bring their own tensorflow.js, of their own version;
 * these types are met by all of them.
 */

/** A key by which backends find a tensor's numbers. Two tensors with one key have the same contents. */
export type DataId = object;

/** A tensor. */
export interface Tensor {
  readonly id: number;
  readonly dataId: DataId;
  readonly dtype: string;
  readonly shape: number[];
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<unknown>;
  dispose(): void;
}

/** A tensor whose contents can be replaced. */
export interface Variable extends Tensor {
  readonly name: string;
  readonly trainable: boolean;
  assign(value: unknown): void;
}

/** An optimizer. */
export interface Optimizer {
  applyGradients(gradients: unknown): void;
  minimize(loss: never, returnCost?: boolean, variables?: never): unknown;
  getClassName(): string;
}

/** A weight of a layer. */
interface LayerVariable {
  readonly originalName: string;
  readonly trainable: boolean;
  read(): unknown;
}

/** A layer, or a whole model, which is a layer too. */
export interface Layer {
  readonly name: string;
  readonly weights: LayerVariable[];
}

/** A compiled model of tf.layers. */
export interface LayersModel extends Layer {
  readonly layers: unknown[];
  trainOnBatch(x: never, y: never): Promise<unknown>;
}

/** A backend, as far as its numbers are read. */
interface Backend {
  /** Of the wasm backend: a view of a tensor's numbers that is valid until something is computed. */
  typedArrayFromHeap?(tensor: { dataId: DataId; shape: number[]; dtype: string }): ArrayLike<number>;
}

/** A kernel that is about to run, or the two functions of a gradient of a person's own. */
export interface KernelCall {
  kernelName?: string;
  inputs: Record<string, Tensor | null | undefined>;
  attrs?: Record<string, unknown>;
}

/** The heart of tensorflow.js, of which a process has one, however many copies of the package it has loaded. */
export interface Engine {
  readonly backend: Backend;
  readonly backendName: string;
  readonly state: {
    readonly numBytes: number;
    readonly tensorInfo: { get(dataId: DataId): { backend: Backend } | undefined };
  };
  readonly ENV: { readonly platform: { now(): number } };
  makeTensor(values: unknown, shape: number[], dtype: string): Tensor;
  makeVariable(initial: Tensor, trainable: boolean, name?: string): Variable;
  runKernel(name: string, inputs: Record<string, Tensor>, attrs?: Record<string, unknown>): Tensor;
  runKernelFunc(call: KernelCall): Tensor | Tensor[];
  addTapeNode(
    name: string,
    inputs: Record<string, Tensor>,
    outputs: Tensor[],
    gradient: ((dy: unknown, saved: Tensor[], attrs: unknown) => Record<string, () => Tensor>) | null,
    saved: Tensor[],
    attrs: unknown,
  ): void;
  gradients(loss: () => Tensor, variables: Tensor[], dy?: Tensor | null, loose?: boolean): TapeResult;
  tidy<T>(name: string | (() => T), run?: () => T): T;
  keep<T extends Tensor>(tensor: T): T;
  trackTensor(tensor: Tensor, backend: unknown): void;
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
}

/** A value and its gradients. */
interface TapeResult {
  value: Tensor;
  grads: (Tensor | null)[];
}
