import { decimal, type LiteralStyle, textName } from "../literals.ts";
import type { NamedTensor } from "../tensors.ts";

/** Columns of a line, as black has them. */
export const PYTHON_WIDTH = 88;

const number = (value: number) => decimal(value, { nan: "nan", infinity: "inf" });
/** A number in code, where `nan` and `inf` are no names. */
const inCode = (value: number) => (Number.isFinite(value) ? number(value) : `float("${number(value)}")`);
const tuple = ({ shape }: NamedTensor) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
const block = (tensor: NamedTensor, lines: readonly string[]) => [
  `${textName(tensor)} = """`,
  ...lines,
  '"""',
];
const ofText = (tensor: NamedTensor, width: number) => {
  const given = [textName(tensor), ...tensor.shape].join(", ");
  const line = `${tensor.name} = numbers(${given})`;
  return line.length <= width ? [line] : [`${tensor.name} = numbers(`, `    ${given}`, ")"];
};
const index = (at: readonly number[]) => at.join(", ");

/** Arrays of numpy, or of `jnp`, in the type that the variable `dtype` names. */
export function arrayStyle(library: "np" | "jnp"): LiteralStyle {
  return {
    width: PYTHON_WIDTH,
    comment: "  #",
    rowsOnLines: false,
    number: inCode,
    zeros: (tensor) => `${tensor.name} = ${library}.zeros(${tuple(tensor)}, dtype)`,
    lists: ({ name }, lists) => `${name} = ${library}.array(${lists}, dtype)`,
    set: ({ name }, at, value) =>
      library === "np"
        ? `${name}[${index(at)}] = ${value}`
        : `${name} = ${name}.at[${index(at)}].set(${value})`,
    block,
    ofText,
    textFunction: [
      "def numbers(text, *shape):",
      library === "np"
        ? "    return np.array(text.split(), dtype).reshape(shape)"
        : "    return jnp.array(np.array(text.split(), dtype)).reshape(shape)",
    ],
    ofFile: ({ name }) =>
      library === "np"
        ? `${name} = data["${name}"].astype(dtype)`
        : `${name} = jnp.array(data["${name}"], dtype)`,
  };
}

/** Tensors of PyTorch, in its default type. */
export const torchStyle: LiteralStyle = {
  width: PYTHON_WIDTH,
  comment: "  #",
  rowsOnLines: false,
  number: inCode,
  zeros: ({ name, shape }) => `${name} = torch.zeros(${shape.join(", ")})`,
  lists: ({ name }, lists) => `${name} = torch.tensor(${lists})`,
  set: ({ name }, at, value) => `${name}[${index(at)}] = ${value}`,
  block,
  ofText,
  textFunction: [
    "def numbers(text, *shape):",
    "    return torch.tensor([float(v) for v in text.split()]).reshape(shape)",
  ],
  ofFile: ({ name }) => `${name} = torch.tensor(data["${name}"], dtype=dtype)`,
};
