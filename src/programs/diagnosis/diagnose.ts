import type { Trace } from "../trace/trace.ts";
import { countOf, lineIn, placesOf, textOf } from "./bounds.ts";
import { type Cause, type Evidence, evidenceOf } from "./evidence.ts";
import { firstMade } from "./firstMade.ts";
import { type Graph, graphOf } from "./graph.ts";
import { indexIn } from "./indexIn.ts";
import { JUDGES } from "./judges.ts";
import { lastingOf } from "./lasting.ts";
import type { ProgramSite } from "./programSite.ts";
import { sentenceOf } from "./sentence.ts";
import type { Mechanism } from "./words.ts";

/** The death of a program. */
export interface TraceDiagnosis {
  /** `phase/mechanism/operation`: what two deaths of one bug have in common. */
  signature: string;
  mechanism: Mechanism;
  site: ProgramSite;
  /** One sentence on the death and its place. */
  sentence: string;
  /** The numbers by which it is called so. */
  because: string;
}

/** Names the death of a traced step; null where nothing that is not finite lasts. */
export function diagnose(trace: Trace): TraceDiagnosis | null {
  const graph = graphOf(trace);
  const lasting = lastingOf(graph);
  const found = firstMade(graph, lasting);
  if (found === null) return null;
  for (const [mechanism, judge] of JUDGES) {
    const cause = judge(found);
    if (cause !== null) return diagnosisOf(graph, found, mechanism, cause);
  }
  throw new Error("the last mechanism takes what no other does");
}

function diagnosisOf(graph: Graph, found: Evidence, mechanism: Mechanism, cause: Cause): TraceDiagnosis {
  const at = cause.at === undefined ? found : evidenceOf(graph, found.lasting, cause.at);
  const { operation, phase, given } = at;
  const line = lineIn(operation.line);
  const site: ProgramSite = {
    phase,
    mechanism,
    operation: /^[A-Za-z0-9._]{1,80}$/.test(operation.operation) ? operation.operation : "other",
    file: textOf(operation.file),
    line,
    lineOf: line === null ? null : operation.lineOf,
    execution: countOf(operation.execution) ?? 0,
    timestep: countOf(operation.timestep),
    layer: textOf(operation.layer),
    tensor: textOf(given === null ? resultOf(graph, at) : given.name),
    index: placesOf(given === null ? operation.bad?.index : indexIn(graph, given)),
  };
  const cut = found.lasting.cut ? " The trace is cut off: what lasts was taken from its end." : "";
  return {
    signature: `${phase}/${mechanism}/${site.operation}`,
    mechanism,
    site,
    sentence: sentenceOf(site, cause.detail),
    because: textOf(cause.because + cut) ?? "",
  };
}

/** The first weight or slot that an update's bad number reached. */
function resultOf(graph: Graph, { operation, phase }: Evidence): string | null {
  if (phase !== "update") return null;
  const reached = graph.reachedBy(operation).filter(({ of }) => of === "weights" || of === "slots");
  return reached[0]?.name ?? null;
}
