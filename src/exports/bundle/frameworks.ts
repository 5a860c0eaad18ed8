import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isPython, type LocalFiles } from "./localFiles.ts";

/** Frameworks of programs, as a host names them. */
export const FRAMEWORKS = ["tfjs", "torch", "keras", "tensorflow", "tensorflow1", "jax"] as const;

/** One of {@link FRAMEWORKS}. */
export type Framework = (typeof FRAMEWORKS)[number];

/** A framework's names, and the modules that take nanproof's place there. */
export interface FrameworkParts {
  title: string;
  /** The package by its name in a registry. */
  package: string;
  /** The stand-in's modules, without their endings. */
  modules: readonly string[];
}

/** Every framework's parts. */
export const FRAMEWORK_PARTS: Readonly<Record<Framework, FrameworkParts>> = {
  tfjs: { title: "TensorFlow.js", package: "@tensorflow/tfjs", modules: [] },
  torch: { title: "PyTorch", package: "torch", modules: ["torch"] },
  keras: { title: "Keras", package: "keras", modules: ["keras", "variables"] },
  tensorflow: { title: "TensorFlow", package: "tensorflow", modules: ["tensorflow", "variables"] },
  tensorflow1: { title: "TensorFlow 1", package: "tensorflow", modules: ["tensorflow1"] },
  jax: { title: "JAX", package: "jax", modules: ["jax"] },
};

/** Marks in a Python file of a `watch` that is given a training of a framework. */
const MARKS: readonly (readonly [Framework, RegExp])[] = [
  ["tensorflow1", /\btrain_op\s*=/],
  ["jax", /\bstate\s*=[\s\S]*\bjax\b|\bjax\b[\s\S]*\bstate\s*=/],
  ["tensorflow", /\bwatch\([^)]*\bvariables\s*=/],
  ["torch", /\bwatch\([^)]*\b(model|optimizer|scaler)\s*=/],
  ["keras", /\bkeras\b/],
];

/** The framework that Python files seem to be written for; null where they do not show it. */
function frameworkOf(sources: readonly string[]): Framework | null {
  const text = sources.join("\n");
  const packages = MARKS.filter(([name]) => text.includes(name.replace("tensorflow1", "tensorflow")));
  return packages.find(([, mark]) => mark.test(text))?.[0] ?? null;
}

/** The framework that a program and its own files seem to be written for; null where they do not show it. */
export function guessedFramework({ root, paths, program }: LocalFiles): Framework | null {
  if (!isPython({ program })) return "tfjs";
  const sources = paths.filter((path) => path.endsWith(".py"));
  return frameworkOf(sources.map((path) => readFileSync(join(root, path), "utf8")));
}
