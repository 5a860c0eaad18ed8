import { shellWord } from "../documents/printable.ts";
import type { Ready } from "../programs/process/hostProcess.ts";
import type { PythonReport } from "../programs/process/pythonReport.ts";
import type { KnobRecord } from "../programs/protocol.ts";

/** A person's program that has been loaded: what it runs with, and its knobs. */
export interface LoadedProgram {
  file: string;
  form: Ready["form"];
  /** The framework whose adapter watches it. */
  framework: string;
  versions: Ready["versions"];
  knobs: Ready["knobs"];
  steps: number;
  invariants: readonly string[];
  /** Parts of its state by their role, and how many numbers they hold. */
  state: Readonly<Record<string, number>>;
}

/** The program in words. */
export function programLines({
  file,
  form,
  framework,
  versions,
  knobs,
  steps,
  invariants,
  state,
}: LoadedProgram): string[] {
  const entries = Object.entries(knobs);
  return [
    `${shellWord(file)} loads: a ${form} on ${framework}`,
    `  versions    ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}`,
    `  steps       ${form === "program" ? steps : "as many as the script takes"}`,
    `  state       ${Object.entries(state)
      .map(([role, numbers]) => `${role}: ${numbers} numbers`)
      .join(", ")}`,
    ...(entries.length === 0
      ? ["  knobs       none"]
      : entries.map(
          ([name, knob], i) => `  ${(i === 0 ? "knobs" : "").padEnd(12)}${name}: ${knobWords(knob)}`,
        )),
    ...(invariants.length > 0 ? [`  invariants  ${invariants.join(", ")}`] : []),
  ];
}

function knobWords(knob: KnobRecord): string {
  const by = ` (default ${JSON.stringify(knob.default)})`;
  switch (knob.kind) {
    case "choice":
      return `one of ${knob.choices.map((choice) => JSON.stringify(choice)).join(", ")}${by}`;
    case "lengths":
      return `${knob.rows.join(" to ")} lengths from ${knob.time.join(" to ")}${by}`;
    default:
      return `${knob.kind} from ${knob.min} to ${knob.max}${by}`;
  }
}

/** A Python in words, with the one command that adds what it lacks. */
export function pythonLines(report: PythonReport): string[] {
  const name = shellWord(report.command);
  if (report.status === "broken")
    return [
      `${name} cannot run programs: ${report.reason}`,
      `  nanproof needs Python 3.10 or later with numpy: ${name} -m pip install numpy`,
    ];
  const missing = [
    ...new Set(report.adapters.filter(({ status }) => status === "missing").map((one) => one.package)),
  ];
  return [
    `${name}: Python ${report.python}, numpy ${report.numpy ?? "missing"}`,
    ...report.adapters.map(
      ({ adapter, status, package: of, version, reason }) =>
        `  ${adapter.padEnd(13)} ${status.padEnd(8)} ${version === null ? `${of} is not installed` : `${of} ${version}`}${reason === null ? "" : `: ${reason}`}`,
    ),
    ...(missing.length > 0
      ? ["  to add what is missing:", `    ${name} -m pip install ${missing.join(" ")}`]
      : []),
  ];
}
