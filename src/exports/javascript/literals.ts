import { decimal, type LiteralStyle, textName } from "../literals.ts";

/** Columns of a line, as prettier has them. */
export const JAVASCRIPT_WIDTH = 80;

/** A number of a case, as JavaScript reads it and prettier writes it. */
export function javascriptNumber(value: number): string {
  return decimal(value, { nan: "NaN", infinity: "Infinity" }).replace(/^(\d+|-[1-9]\d*)\.0$/, "$1");
}

/** Nested arrays of numbers. */
export const nestedStyle: LiteralStyle = {
  width: JAVASCRIPT_WIDTH,
  comment: " //",
  rowsOnLines: true,
  number: javascriptNumber,
  zeros: ({ name, shape }) => `const ${name} = zeros(${shape.join(", ")});`,
  lists: ({ name }, lists) => `const ${name} = ${lists};`,
  set: ({ name }, at, value) => `${name}${at.map((index) => `[${index}]`).join("")} = ${value};`,
  block: (tensor, lines) => [`const ${textName(tensor)} = \``, ...lines, "`;"],
  ofText: (tensor, width) => {
    const given = [textName(tensor), ...tensor.shape];
    const line = `const ${tensor.name} = numbers(${given.join(", ")});`;
    // All of it is in a function, two columns in.
    if (line.length + 2 <= width) return [line];
    return [`const ${tensor.name} = numbers(`, ...given.map((item) => `  ${item},`), ");"];
  },
  textFunction: [],
  ofFile: ({ name }) => `const ${name} = data.${name};`,
};
