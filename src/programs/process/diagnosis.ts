import { basename, dirname, isAbsolute, relative } from "node:path";
import type { Diagnosis } from "../death.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import type { ProgramSite } from "../diagnosis/programSite.ts";
import type { HostRecord } from "../protocol.ts";
import { type Violation, violationSignature } from "../stepInvariant.ts";
import type { Phase, Trace } from "../trace/trace.ts";

/** The death of a step of a person's program. */
export interface ProgramDiagnosis extends Diagnosis {
  /** Null of the violation of an invariant that makes no non-finite value. */
  site: ProgramSite | null;
  /** A sentence on the death and its place, and the numbers that say so. */
  because: string;
  /** Notes on what is not known. */
  notes?: string[];
}

/** Characters of a sentence on a death. */
const LONGEST = 600;
const NOTES = 10;

/** The part of a step that a number belongs to which is not finite. */
const PHASE_OF: Readonly<Record<NonNullable<HostRecord["dead"]>["where"], Phase>> = {
  loss: "forward",
  gradients: "backward",
  weights: "update",
  slots: "update",
};

/** A traced step. */
interface Traced {
  trace: Trace;
  /** The host's record of the traced step. */
  record: Pick<HostRecord, "dead">;
  /** Notes on what the host could not trace. */
  notes: readonly string[];
}

/**
 * Names the death of a step by its trace.
 * @param record What the step did, not traced.
 * @param traced Null where the step could not be traced.
 * @param file The program's file: paths are given relative to its folder.
 * @returns Null where the step lives.
 */
export function namedDeath(
  { dead }: Pick<HostRecord, "dead">,
  traced: Traced | null,
  file: string,
): ProgramDiagnosis | null {
  if (dead === null) return null;
  const found = traced === null ? null : diagnose(traced.trace);
  const notes = [...(traced?.notes ?? []), ...(traced?.trace.notes ?? [])];
  if (traced !== null && traced.record.dead === null)
    notes.push("run op by op, as for the trace, the step lives: only its compiled form dies");
  if (found === null) return { ...untraced(dead), ...notesOf(notes) };
  const { signature, mechanism, site, sentence, because } = found;
  return {
    signature,
    mechanism,
    site: { ...site, file: site.file === null ? null : fromFolderOf(file, site.file) },
    because: `${sentence} ${because}`.trim().slice(0, LONGEST),
    ...notesOf(notes),
  };
}

function notesOf(notes: readonly string[]): Pick<ProgramDiagnosis, "notes"> {
  const distinct = [...new Set(notes.filter((note) => note !== ""))].slice(0, NOTES);
  return distinct.length > 0 ? { notes: distinct.map((note) => note.slice(0, LONGEST)) } : {};
}

/** The diagnosis of a death of which the trace shows nothing. */
export function untraced({ where, tensor }: NonNullable<HostRecord["dead"]>): ProgramDiagnosis {
  const phase = PHASE_OF[where];
  const mechanism = "unknown-operation";
  const site: ProgramSite = {
    phase,
    mechanism,
    operation: "other",
    file: null,
    line: null,
    lineOf: null,
    execution: 0,
    timestep: null,
    layer: null,
    tensor,
    index: null,
  };
  const what = {
    loss: "the loss",
    gradients: "a gradient",
    weights: "a weight",
    slots: "the optimizer's state",
  };
  const of = tensor === null ? "" : ` (${tensor})`;
  return {
    signature: `${phase}/${mechanism}/other`,
    mechanism,
    site,
    because: `${what[where]}${of} is not finite after the step; the trace of the step does not show where that begins.`,
  };
}

/** The death of a step that breaks an invariant and makes no non-finite value. */
export function violationDeath(violation: Violation): ProgramDiagnosis {
  return {
    signature: violationSignature(violation),
    mechanism: violation.name ?? violation.invariant.name,
    site: null,
    because: violation.message.slice(0, LONGEST),
  };
}

/** A path to show: no folder of this machine is in it. */
function fromFolderOf(file: string, path: string): string {
  const below = relative(dirname(file), path).replaceAll("\\", "/");
  return below.startsWith("..") || isAbsolute(below) ? basename(path) : below;
}
