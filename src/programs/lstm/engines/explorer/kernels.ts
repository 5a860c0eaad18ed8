import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UsageError } from "../../../../documents/errors.ts";
import { packageFile } from "../../../../package.ts";
import { LAYER_FIELDS, PLAN_FIELDS } from "./planFields.ts";
import type { ProductFunctions } from "./products/library.ts";
import { type Products, WASM_PRODUCTS } from "./products/products.ts";

/** The part of WebAssembly's API that is used here; Node has it, TypeScript declares it for browsers only. */
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => KernelModule;
  Instance: new (module: KernelModule, imports: { products: ProductFunctions }) => { exports: KernelExports };
}

/** Compiled kernels. */
export interface KernelModule {
  /** Keeps other objects from passing for one. */
  readonly [Symbol.toStringTag]: "WebAssembly.Module";
}

/** Address in the arena, in bytes. */
export type Address = number;

/** An instance of the kernels, and the native products that it calls; null where it computes them itself. */
export interface Kernels extends KernelExports {
  readonly native: Pick<ProductFunctions, "attach"> | null;
}

/** The module's exports; assembly/ says what each does. All arguments are i32 or f32. */
interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  arenaStart(): Address;
  layerBytes(): number;
  planBytes(): number;
  step(plan: Address): number;
  gradients(plan: Address): void;
  evaluate(plan: Address): void;
  packBatch(plan: Address): void;
  clearInitialState(plan: Address, layer: Address): void;
  inputProduct(plan: Address, layer: Address, first: number, rows: number): void;
  recurrentProduct(plan: Address, layer: Address, timestep: number): void;
  cellForward(plan: Address, layer: Address, timestep: number): void;
  score(plan: Address): void;
  cosineGradient(plan: Address): void;
  transposeKernel(plan: Address, layer: Address, withInputs: number): void;
  clearCarry(plan: Address, layer: Address): void;
  backwardStep(plan: Address, layer: Address, timestep: number): void;
  inputGradient(plan: Address, layer: Address, first: number, rows: number): void;
  weightGradient(plan: Address, layer: Address): number;
  clip(plan: Address): void;
  plainGlobalNorm(plan: Address): number;
  update(plan: Address, skipped: number): void;
  normaliseRow(
    kind: number,
    epsilon: number,
    x: Address,
    stride: number,
    panels: number,
    to: Address,
    toStride: number,
    mask: Address,
  ): void;
  normaliseGradientRow(
    kind: number,
    epsilon: number,
    x: Address,
    target: Address,
    factor: number,
    stride: number,
    panels: number,
    to: Address,
    mask: Address,
  ): void;
  product(
    a: Address,
    aStride: number,
    rows: number,
    depth: number,
    b: Address,
    bStride: number,
    c: Address,
    cStride: number,
    panels: number,
    init: Address,
    initStride: number,
    initStep: number,
  ): void;
  activateRun(activation: number, at: Address, bytes: number): void;
  dotRow(a: Address, aStride: number, b: Address, bStride: number, panels: number): number;
  sumOfSquares(at: Address, bytes: number): number;
  plainSumOfSquares(at: Address, bytes: number): number;
}

const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

const EXPLORER_WASM = "dist/engines/explorer/explorer.wasm";

/**
 * Compiles the kernels.
 * @param bytes The module; explorer.wasm by default.
 * @throws UsageError when this Node's WebAssembly has no SIMD; Error when explorer.wasm has not been built.
 */
export function compileKernels(bytes: Uint8Array = readKernels()): KernelModule {
  try {
    return new webAssembly.Module(bytes);
  } catch (error) {
    throw new UsageError(
      "NANPROOF_E_ENGINE_BROKEN",
      `engine explorer: this Node does not compile it (${(error as Error).message})`,
      "it needs WebAssembly SIMD, which Node has on processors with SSE 4.1 or NEON; or use --engine tfjs-cpu",
    );
  }
}

function readKernels(): Uint8Array {
  const file = packageFile(EXPLORER_WASM);
  if (!existsSync(file)) throw new Error(`there is no ${fileURLToPath(file)}: run npm run build`);
  return readFileSync(file);
}

/** Asks for memory of WebAssembly. @throws UsageError when the system does not give it. */
export function askMemory<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      "NANPROOF_E_MEMORY",
      `engine explorer: the system gives it no memory (${error.message})`,
      "it reserves some 10 GB of addresses for each run, though it uses few: lift the limit (ulimit -v unlimited), or use --engine tfjs-cpu",
    );
  }
}

/**
 * An instance of the kernels with a memory of its own.
 * @param products What computes its matrix products.
 * @throws UsageError when there is no memory for it.
 */
export function instantiateKernels(module: KernelModule, products: Products = WASM_PRODUCTS): Kernels {
  const native = products.open();
  const { exports } = askMemory(() => new webAssembly.Instance(module, { products: native ?? UNUSED }));
  const layer = exports.layerBytes();
  const plan = exports.planBytes();
  if (layer !== 4 * LAYER_FIELDS.length || plan !== 4 * PLAN_FIELDS.length)
    throw new Error(
      `explorer.wasm has structs of ${layer} and ${plan} bytes, planFields.ts of ${4 * LAYER_FIELDS.length} and ${4 * PLAN_FIELDS.length}: run npm run build`,
    );
  return { ...exports, native };
}

/** Placeholders where there are no native products: the kernels call none of them then. */
const UNUSED: ProductFunctions = {
  attach: noProducts,
  input: noProducts,
  recurrent: noProducts,
  inputGradient: noProducts,
  hiddenGradient: noProducts,
  weightGradient: noProducts,
  transpose: noProducts,
  update: noProducts,
};

function noProducts(): void {
  throw new Error("explorer: there are no native products to call");
}
