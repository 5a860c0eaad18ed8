import { hasEndedRows, type Reproduction } from "../reproduction.ts";
import { layerName } from "../tensors.ts";
import { pythonNumber } from "./loss.ts";

/** The functions by which a library for Python computes a cell. */
export interface CellWords {
  sigmoid: string;
  activations: Readonly<Record<Reproduction["layers"][number]["activation"], string>>;
  /** Four gates of a pre-activation. */
  split(z: string): string;
  clip(x: string, limit: string): string;
  where(mask: string, yes: string, no: string): string;
  /** Cells of all layers side by side. */
  concatenate(list: string): string;
}

/** The arguments of {@link cellFunction}, and what it does with them. */
function cellBody({ model, depth }: Reproduction, words: CellWords, names: CellNames): string[] {
  const { sigmoid } = words;
  const forget = model.forgetBias === 0 ? "f" : `f + ${pythonNumber(model.forgetBias)}`;
  const { x, c, h, newC, newH, kernel, recurrent, bias } = names;
  const activation = (value: string) => (names.activation === "" ? value : `${names.activation}(${value})`);
  const z = `${x} @ ${kernel} + ${h} @ ${recurrent} + ${bias}`;
  const gates =
    model.gradientClip === undefined || depth === "loss"
      ? [`i, j, f, o = ${words.split(z)}`]
      : [`z = hold_gradient(${z})`, `i, j, f, o = ${words.split("z")}`];
  const grown = `${sigmoid}(${forget}) * ${c} + ${sigmoid}(i) * ${activation("j")}`;
  return [
    ...gates,
    `${newC} = ${grown}`,
    ...(model.cellClip === undefined ? [] : [`${newC} = ${words.clip(newC, pythonNumber(model.cellClip))}`]),
    `${newH} = ${sigmoid}(o) * ${activation(newC)}`,
  ];
}

interface CellNames {
  x: string;
  c: string;
  h: string;
  newC: string;
  newH: string;
  kernel: string;
  recurrent: string;
  bias: string;
  activation: string;
}

/** `def cell(...)`, which is called for each layer; empty where there is one layer, whose cell is in the loop. */
export function cellFunction(reproduction: Reproduction, words: CellWords): string[] {
  if (reproduction.layers.length === 1) return [];
  const body = cellBody(reproduction, words, {
    x: "x",
    c: "c",
    h: "h",
    newC: "c",
    newH: "h",
    kernel: "kernel",
    recurrent: "recurrent_kernel",
    bias: "bias",
    activation: "activation",
  });
  return [
    "def cell(x, c, h, kernel, recurrent_kernel, bias, activation):",
    ...body.map((line) => `    ${line}`),
    "    return c, h",
  ];
}

/** One timestep: from `x_t` and the state of every layer to the next state; `cells` gets what was computed, kept or not. */
export function timestepLines(
  reproduction: Reproduction,
  words: CellWords,
  { input, running }: { input: string; running: string },
): { lines: string[]; cells: string; output: string } {
  const { layers } = reproduction;
  const named = (name: string, layer: number) => layerName(reproduction, name, layer);
  const masked = hasEndedRows(reproduction);
  const fresh = (name: string, layer: number) => named(masked ? `new_${name}` : name, layer);
  const step = layers.flatMap(({ activation }, l) => {
    const x = l === 0 ? input : fresh("h", l - 1);
    if (layers.length === 1)
      return cellBody(reproduction, words, {
        x,
        c: "c",
        h: "h",
        newC: fresh("c", 0),
        newH: fresh("h", 0),
        kernel: "kernel",
        recurrent: "recurrent_kernel",
        bias: "bias",
        activation: activation === "linear" ? "" : words.activations[activation],
      });
    const own = `*parameters[${3 * l}:${3 * l + 3}]`;
    const call = `cell(${x}, ${named("c", l)}, ${named("h", l)}, ${own}, ${words.activations[activation]})`;
    return [`${fresh("c", l)}, ${fresh("h", l)} = ${call}`];
  });
  const top = fresh("h", layers.length - 1);
  const news = layers.map((_, l) => fresh("c", l));
  const cells = news.length === 1 ? (news[0] ?? "") : words.concatenate(`[${news.join(", ")}]`);
  if (!masked) return { lines: step, cells, output: top };
  const kept = layers.flatMap((_, l) =>
    ["c", "h"].map((name) => `${named(name, l)} = ${words.where("running", fresh(name, l), named(name, l))}`),
  );
  return {
    lines: [...step, `running = ${running}  # what has ended is thrown away`, ...kept],
    cells,
    output: words.where("running", top, "0.0"),
  };
}

/** The names of the state of every layer, in pairs. */
export function stateNames(reproduction: Reproduction): string[] {
  return reproduction.layers.flatMap((_, l) => [
    layerName(reproduction, "c", l),
    layerName(reproduction, "h", l),
  ]);
}
