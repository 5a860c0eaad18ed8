import { ENGINE_NAMES } from "../../programs/lstm/engines/engine.ts";
import { type DoctorReport, defaultWorks, doctorJson, doctorText } from "../../reporters/doctor.ts";
import { command, type Typed } from "../command.ts";
import { EXIT } from "../exitCodes.ts";
import type { Values } from "../flags/flag.ts";
import { fileOrder, programFlags } from "../flags/programFlags.ts";
import { progressFlag } from "../flags/progressFlag.ts";
import { jsonFlag } from "../flags/shared.ts";
import { onInterrupt } from "../interrupt.ts";
import { machineReport } from "../machine.ts";
import { note, print, printJson } from "../output.ts";
import { probeEngine } from "../probeEngine.ts";
import { doctorProgram, doctorPython } from "../programs/doctor.ts";

const flags = { ...programFlags, progress: progressFlag, json: jsonFlag } as const;

/** `nanproof doctor`: which engines work on this machine, and what would add those that do not. */
export const doctorCommand = command({
  name: "doctor",
  description:
    "which engines work on this machine; with --program or --python, whether a program or a Python does",
  exits: "0 it works, 1 not",
  example: "doctor",
  flags,
  run: runDoctor,
});

async function runDoctor(given: Values<typeof flags>, typed: Typed): Promise<number> {
  const { json, program, python } = given;
  if (program !== undefined) return doctorProgram(fileOrder(program, given, typed), { json });
  if (python !== undefined) return doctorPython(python, { json });
  const report: DoctorReport = { machine: machineReport(), engines: [] };
  const interrupt = onInterrupt();
  try {
    for (const name of ENGINE_NAMES) {
      note(`looking at ${name} ...`);
      const probed = await probeEngine(name, interrupt.signal);
      if (probed === null) return interrupt.exitCode();
      report.engines.push(probed);
    }
  } finally {
    interrupt.release();
  }
  if (json) printJson(doctorJson(report));
  else print(doctorText(report));
  return defaultWorks(report) ? EXIT.ok : EXIT.violated;
}
