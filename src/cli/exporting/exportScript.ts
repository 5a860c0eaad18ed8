import { UsageError } from "../../documents/errors.ts";
import { checkedDeath } from "../../exports/checkedDeath.ts";
import { reproductionOf } from "../../exports/fromFixture.ts";
import { rendered } from "../../exports/render.ts";
import type { Target } from "../../exports/target.ts";
import type { TargetName } from "../../exports/targets.ts";
import { verdictText, verify } from "../../exports/verify.ts";
import { readFixture } from "../../fixtures/store.ts";
import { DEFAULT_ENGINE } from "../../programs/lstm/engines/engine.ts";
import { openEngine } from "../../programs/lstm/engines/open.ts";
import { EXIT } from "../exitCodes.ts";
import { onInterrupt } from "../interrupt.ts";
import { note } from "../output.ts";
import { ProgressLine } from "../progressLine.ts";
import type { ExportFlags } from "./exportFlags.ts";
import { putScript } from "./putScript.ts";
import { checkExpressed, checkPlace, scriptTarget } from "./scriptOperands.ts";

/** Writes the script of a death of the LSTM, and runs it before where that is asked for. */
export async function exportScript(flags: ExportFlags, to: TargetName): Promise<number> {
  const { file, out } = flags;
  const target = scriptTarget(flags, to);
  const stored = readFixture(file);
  const engine = await openEngine(DEFAULT_ENGINE);
  const reproduction = reproductionOf(await checkedDeath(stored, engine));
  checkExpressed(file, reproduction, target);
  const written = rendered(reproduction, target);
  checkPlace(written, out);
  const { grade } = stored.fixture;
  if (!flags.verify) {
    putScript(flags, { reproduction, target, grade, script: written, verified: null });
    return EXIT.ok;
  }
  const interrupt = onInterrupt();
  const line = new ProgressLine();
  try {
    line.tell({ head: `running it in ${target.title}` });
    const runner = { python: flags.python ?? "python3", signal: interrupt.signal };
    // What is stopped in the midst of it fails, and says nothing of the script.
    const verified = await verify(reproduction, target, runner).catch((error: unknown) => {
      if (interrupt.signal.aborted) return null;
      throw error;
    });
    line.close();
    if (verified === null || interrupt.signal.aborted) return interrupt.exitCode();
    if (verified.verdict.kind === "cannot run") throw cannotRun(target, verified.verdict.error);
    const script = rendered(verified.reproduction, target);
    putScript(flags, { reproduction: verified.reproduction, target, grade, script, verified });
    note(verdictText(verified.verdict, verified.versions));
    return verified.verdict.kind === "dies" ? EXIT.ok : EXIT.violated;
  } finally {
    line.close();
    interrupt.release();
  }
}

function cannotRun({ title }: Target, error: string): UsageError {
  const last = error.split("\n").at(-1) ?? "";
  return new UsageError(
    "NANPROOF_E_VERIFY",
    `the script cannot run in ${title}: ${last === "" ? "it said nothing" : last}`,
    "leave --verify out, and run the script by hand to see why",
  );
}
