import { basename } from "node:path";
import { code } from "../markdown.ts";
import { FRAMEWORK_PARTS } from "./frameworks.ts";
import { isPython } from "./localFiles.ts";
import { aboutBundle, type BundleParts, bundleCommand } from "./parts.ts";

/** The README of a bundle. */
export function readmeLines(parts: BundleParts): string[] {
  const { files, framework, fixture } = parts;
  const name = files.program.at(-1) ?? "";
  const title = framework === null ? "" : ` in ${FRAMEWORK_PARTS[framework].title}`;
  const runner = bundleCommand(parts).at(-1) ?? "";
  return [
    `# A training step that ends in numbers that are not finite${title}`,
    "",
    ...aboutBundle(parts).map((line) => `- ${code(line)}`),
    "",
    "## Running it",
    "",
    ...requirements(parts),
    "",
    `    ${bundleCommand(parts).join(" ")}`,
    "",
    `It runs ${code(name)} up to its first step, puts the state of the step that died in place, runs that one step on the batch that it died of, ` +
      "prints what is not finite, and ends with, for instance, `loss: expected finite, got nan`. Exit status: 1 it dies, 0 it lives, 125 it " +
      "cannot run, so that `git bisect run` can use it. Nothing is downloaded.",
    "",
    "## What is in it",
    "",
    `- ${code(runner)}: the runner, and ${code("case.json")}: what the program was started with`,
    `- ${code("state.safetensors")}, ${code("batch.safetensors")}: weights, the optimizer's slots and counters, buffers, random states; the batch`,
    `- ${code("program/")}: ${files.paths.length === 1 ? "the program" : "the program and its own files"}, as ${files.paths.length === 1 ? "it is" : "they are"}: ${files.paths.slice(0, 20).map(code).join(", ")}${files.paths.length > 20 ? `, and ${files.paths.length - 20} more` : ""}`,
    `- ${code("nanproof/")}: stands in for the package that the program imports, and puts the state back; the package itself is not needed`,
    "",
    "## What is not",
    "",
    ...files.unknown.map((sentence) => `- ${code(sentence)}`),
    "- Randomness that neither Python, numpy nor the framework seeds, or that the program draws before its first step from a clock or the system.",
    `- What a step keeps outside of what ${code("watch")} was given.`,
    ...(basename(name) === fixture.program?.name
      ? []
      : [`- The death is of a program that was called ${code(fixture.program?.name ?? "")}.`]),
  ];
}

function requirements(parts: BundleParts): string[] {
  const { files, framework, packages } = parts;
  if (isPython(files)) {
    const title = framework === null ? [] : [FRAMEWORK_PARTS[framework].package];
    const needed = [...new Set(["numpy", ...title])];
    const others = files.packages.filter((name) => !needed.includes(name));
    return [
      `It needs Python 3.10 or later with ${needed.map(code).join(" and ")}${others.length === 0 ? "" : `; the program imports ${others.map(code).join(", ")}`}.`,
    ];
  }
  const named = Object.entries(packages).map(([name, version]) => code(`${name}@${version}`));
  const typed = files.program.at(-1)?.endsWith("ts")
    ? " that runs TypeScript (22.18 or later)"
    : " 20 or later";
  return [
    `It needs Node${typed} and ${named.join(", ") || "no package"} (${code("npm install")} in this folder). ${code("node reproduce.mjs wasm")} runs it on the backend ${code("wasm")}, where ${code("@tensorflow/tfjs-backend-wasm")} is installed.`,
  ];
}
