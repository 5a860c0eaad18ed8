import type { FileOrder } from "../../programs/hostOrder.ts";
import { lookAtPython } from "../../programs/process/pythonReport.ts";
import { type LoadedProgram, programLines, pythonLines } from "../../reporters/doctorProgram.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { EXIT } from "../exitCodes.ts";
import { onInterrupt } from "../interrupt.ts";
import { note, print, printJson } from "../output.ts";
import { caseOfProgram, startProgram } from "./opening.ts";

/** `nanproof doctor --program`: does the file load, what are its knobs, and does its adapter work? @returns The exit code. */
export async function doctorProgram(order: FileOrder, { json }: { json: boolean }): Promise<number> {
  const host = await startProgram(order);
  try {
    const { ready } = host.hosting;
    const testCase = caseOfProgram(host, { knob: [], steps: undefined, seed: 1 });
    const { framework, state } = await host.hosting.opened(testCase);
    const sizes: Record<string, number> = {};
    for (const { role, shape } of state)
      sizes[role] = (sizes[role] ?? 0) + shape.reduce((size, length) => size * length, 1);
    const report: LoadedProgram = {
      file: shownPath(order.file),
      form: ready.form,
      framework,
      versions: ready.versions,
      knobs: ready.knobs,
      steps: ready.steps,
      invariants: ready.invariants.map(({ name }) => name),
      state: sizes,
    };
    if (json) printJson({ ok: true, program: report });
    else print(programLines(report));
    return EXIT.ok;
  } finally {
    await host.close?.();
  }
}

/** `nanproof doctor --python`: which adapters work with what is installed there? @returns The exit code. */
export async function doctorPython(python: string, { json }: { json: boolean }): Promise<number> {
  const interrupt = onInterrupt();
  try {
    note(`looking at ${python}: frameworks take a while to load ...`);
    const report = await lookAtPython(python, interrupt.signal);
    if (interrupt.signal.aborted) return interrupt.exitCode();
    const works = report.status === "looked" && report.adapters.some(({ status }) => status === "works");
    if (json) printJson({ ok: works, python: report });
    else print(pythonLines(report));
    return works ? EXIT.ok : EXIT.violated;
  } finally {
    interrupt.release();
  }
}
