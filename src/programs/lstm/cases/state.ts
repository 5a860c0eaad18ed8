import { decodeFloat32, encodeFloat32, type Float32Json } from "../../../numerics/float32.ts";
import { type RandomStream, randomStream } from "../../../numerics/random.ts";
import { mapParameters, PARAMETERS, STATE_PARTS } from "./parameters.ts";
import type { ParametersJson, TensorJson, TrainingCase } from "./schema.ts";

/** Kernel [inputs + units, 4 units] and bias [4 units] of one layer, or anything of their shape. */
export interface LayerParameters {
  kernel: Float32Array;
  bias: Float32Array;
}

/** Everything a training step changes. Moments are empty for an optimizer that keeps none. */
export interface TrainingState {
  /** Updates applied so far: Adam's t before the next step. */
  step: number;
  weights: LayerParameters[];
  firstMoment: LayerParameters[];
  secondMoment: LayerParameters[];
}

/** The state that a case starts from. `binary` is the file beside a fixture, if it has one. */
export function initialState(testCase: TrainingCase, binary?: Uint8Array): TrainingState {
  const { init, model, optimizer } = testCase;
  const zeros = () =>
    optimizer.kind === "adam" ? mapParameters(model, ({ size }) => new Float32Array(size)) : [];
  if (init.kind === "glorot") {
    const weights = mapParameters(model, ({ name, layer, shape: [rows = 0, columns = 0], size }) =>
      name === "kernel"
        ? glorotUniform(rows, columns, init.scale, randomStream(init.seed, `init/${layer}`))
        : new Float32Array(size),
    );
    return { step: 0, weights, firstMoment: zeros(), secondMoment: zeros() };
  }
  const read = (parameters: ParametersJson): LayerParameters[] =>
    mapParameters(model, ({ name, layer, size }) =>
      decodeTensor(parameters[layer]?.[name] ?? [], size, binary),
    );
  return {
    step: init.step,
    weights: read(init.weights),
    firstMoment: init.firstMoment ? read(init.firstMoment) : zeros(),
    secondMoment: init.secondMoment ? read(init.secondMoment) : zeros(),
  };
}

/**
 * Glorot's uniform initialiser (Glorot & Bengio 2010; tf.glorot_uniform_initializer, which TF1
 * takes for an LSTM kernel): uniform in +-scale * sqrt(6 / (fanIn + fanOut)).
 */
function glorotUniform(fanIn: number, fanOut: number, scale: number, random: RandomStream): Float32Array {
  const limit = scale * Math.sqrt(6 / (fanIn + fanOut));
  const values = new Float32Array(fanIn * fanOut);
  for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * limit;
  return values;
}

/**
 * Reads a tensor of `length` entries out of a case.
 * @throws RangeError when the binary file is absent or too short for it.
 */
export function decodeTensor(json: TensorJson, length: number, binary?: Uint8Array): Float32Array {
  const values = new Float32Array(length);
  if (Array.isArray(json)) {
    let next = 0;
    const visit = (item: unknown): void => {
      if (Array.isArray(item)) item.forEach(visit);
      else values[next++] = decodeFloat32(item as Float32Json);
    };
    visit(json);
    return values;
  }
  const available = binary?.byteLength ?? 0;
  if (binary === undefined || json.byteOffset + 4 * length > available)
    throw new RangeError(
      `needs bytes ${json.byteOffset} to ${json.byteOffset + 4 * length} of the binary file, which has ${available}`,
    );
  const view = new DataView(binary.buffer, binary.byteOffset, binary.byteLength);
  for (let i = 0; i < length; i++) values[i] = view.getFloat32(json.byteOffset + 4 * i, true);
  return values;
}

/** A vector for JSON, each entry the shortest decimal that reads back as the same float32. */
export function encodeVector(values: Float32Array): Float32Json[] {
  return Array.from(values, encodeFloat32);
}

/** A matrix [rows, columns] for JSON. */
export function encodeMatrix(values: Float32Array, columns: number): Float32Json[][] {
  return Array.from({ length: values.length / columns }, (_, row) =>
    encodeVector(values.subarray(row * columns, (row + 1) * columns)),
  );
}

/** Every array of a state: weights, then both moments, kernel before bias, the lowest layer first. */
export function stateArrays(state: TrainingState): [string, Float32Array][] {
  return STATE_PARTS.flatMap((part) =>
    state[part].flatMap((parameters, layer) =>
      PARAMETERS.map((name): [string, Float32Array] => [`${part}/${layer}/${name}`, parameters[name]]),
    ),
  );
}
