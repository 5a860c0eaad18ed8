import { explainFixture } from "../../explain/explain.ts";
import { readFixture } from "../../fixtures/store.ts";
import { explainJson, explainSummary } from "../../reporters/explain.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { fileCommand, type Typed } from "../command.ts";
import { EXIT } from "../exitCodes.ts";
import { durationFlag } from "../flags/durationFlag.ts";
import type { Values } from "../flags/flag.ts";
import { invariantFlag } from "../flags/invariantFlag.ts";
import { programFlags } from "../flags/programFlags.ts";
import { progressFlag } from "../flags/progressFlag.ts";
import { engineFlag, jsonFlag } from "../flags/shared.ts";
import { hostsFor } from "../hostsFor.ts";
import { onInterrupt } from "../interrupt.ts";
import { note, print, printJson } from "../output.ts";
import { ProgressLine } from "../progressLine.ts";
import { timeUp } from "../timeUp.ts";

const flags = {
  engine: engineFlag,
  ...programFlags,
  invariant: invariantFlag,
  time: durationFlag({ description: "for trying numbers and finding healthy runs", default: 60 }),
  progress: progressFlag,
  json: jsonFlag,
} as const;

/** `nanproof explain`: why a fixture dies, what it takes, and since when it was to be seen. */
export const explainCommand = fileCommand({
  name: "explain",
  description: "why a fixture dies, what its death takes, and since when it was to be seen",
  exits: "0 explained",
  example: "explain fixtures/NAME.json",
  operand: { name: "file", description: "a fixture", many: false },
  flags,
  run: ([file], given, typed) => runExplain(file, given, typed),
});

async function runExplain(file: string, given: Values<typeof flags>, typed: Typed): Promise<number> {
  const stored = readFixture(file);
  const { host } = await hostsFor(stored, given, typed);
  const interrupt = onInterrupt();
  const line = new ProgressLine();
  try {
    const explanation = await explainFixture(stored, host, {
      signal: interrupt.signal,
      halfTime: timeUp(given.time / 2),
      timeIsUp: timeUp(given.time),
      onPart: (part) => line.tell({ head: `explaining: ${part}` }),
    });
    line.close();
    if (explanation === null) return interrupt.exitCode();
    if (given.json) {
      for (const sentence of explanation.untellable) note(sentence);
      printJson(explainJson(explanation));
    } else print(explainSummary(shownPath(file), explanation));
    return interrupt.signal.aborted ? interrupt.exitCode() : EXIT.ok;
  } finally {
    line.close();
    interrupt.release();
    await host.close?.();
  }
}
