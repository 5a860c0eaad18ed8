import { textOf } from "./bounds.ts";
import type { ProgramSite } from "./programSite.ts";
import { WORDS } from "./words.ts";

/** The death and its place in a sentence. */
export function sentenceOf(site: ProgramSite, detail: string | undefined): string {
  const { mechanism, operation, tensor, index, timestep } = site;
  const place = index === null || index.length === 0 ? "" : ` at [${index.join(", ")}]`;
  const of = tensor === null ? "" : ` (${tensor}${place})`;
  const when = timestep === null || detail !== undefined ? "" : `, timestep ${timestep}`;
  const more = detail === undefined ? "" : `; ${textOf(detail)}`;
  return `${WORDS[mechanism].happened}${of}: ${operation}${whereOf(site)}${when}${more}.`;
}

/** The line of a site, and what it is the line of. */
function whereOf({ file, line, lineOf, layer }: ProgramSite): string {
  const inLayer = layer === null ? "" : ` in layer ${layer}`;
  if (line === null) return inLayer;
  const at = `${file?.split(/[/\\]/).at(-1) ?? "line"}:${line}`;
  switch (lineOf) {
    case "forward":
      return `${inLayer}, of the gradient of ${at}`;
    case "layer":
      return `${inLayer}, which ${at} makes`;
    case "call":
      return `${inLayer}, in the step that ${at} calls`;
    default:
      return `${inLayer} at ${at}`;
  }
}
