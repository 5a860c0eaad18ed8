import { basename, resolve } from "node:path";
import { UsageError } from "../../documents/errors.ts";
import { bundleFiles } from "../../exports/bundle/bundle.ts";
import { fixtureStep } from "../../exports/bundle/fixtureStep.ts";
import { guessedFramework } from "../../exports/bundle/frameworks.ts";
import { hostedStep } from "../../exports/bundle/hostedStep.ts";
import { localFiles } from "../../exports/bundle/localFiles.ts";
import { findPackages, versionsOf, withWasm } from "../../exports/bundle/packages.ts";
import { threadsOf } from "../../exports/bundle/parts.ts";
import { bundleVerdictText, verifyBundle } from "../../exports/bundle/verifyBundle.ts";
import { readFixture } from "../../fixtures/store.ts";
import type { ProgramHost } from "../../programs/process/program.ts";
import { EXIT } from "../exitCodes.ts";
import { onInterrupt } from "../interrupt.ts";
import { note } from "../output.ts";
import { startProgram } from "../programs/opening.ts";
import { ProgressLine } from "../progressLine.ts";
import { bundleFolder, bundleProgram, checkPython } from "./bundleOperands.ts";
import type { ExportFlags } from "./exportFlags.ts";
import { putBundle } from "./putBundle.ts";

/** Makes the folder of a program's death, runs it where that is asked for, and writes it. */
export async function exportBundle(flags: ExportFlags): Promise<number> {
  const { file, program, verify: verifies } = flags;
  const stored = readFixture(file);
  const { path, isOther } = bundleProgram(stored, program);
  const out = bundleFolder(flags);
  const files = await localFiles(path, flags.with);
  checkPython(flags, files, stored);
  const interrupt = onInterrupt();
  const line = new ProgressLine();
  let host: ProgramHost | null = null;
  const open = async () => {
    line.tell({ head: `loading ${basename(path)}` });
    host ??= await startProgram({
      file: path,
      python: flags.python ?? null,
      backend: null,
      threads: threadsOf(stored.fixture),
      isFresh: true,
    });
    return host;
  };
  try {
    const step = await fixtureStep(stored, open);
    const found = findPackages(resolve(path), files.packages);
    const parts = {
      fixture: stored.fixture,
      step,
      files,
      framework: guessedFramework(files),
      packages: versionsOf(found),
      isOtherProgram: isOther,
      verified: [],
    };
    if (!verifies) {
      putBundle(flags, out, parts, null);
      return EXIT.ok;
    }
    const hosted = await hostedStep(await open(), step);
    const known = { ...parts, framework: hosted.framework };
    line.tell({ head: "running it in a folder by itself" });
    const runner = { python: flags.python ?? "python3", packages: withWasm(found), signal: interrupt.signal };
    const verified = await verifyBundle(bundleFiles(known), hosted, runner);
    line.close();
    if (interrupt.signal.aborted) return interrupt.exitCode();
    if (verified.verdict.kind === "cannot run") throw cannotRun(verified.verdict.error);
    const told = bundleVerdictText(verified);
    putBundle(flags, out, { ...known, verified: told }, verified);
    for (const sentence of told) note(sentence);
    return verified.verdict.kind === "dies" ? EXIT.ok : EXIT.violated;
  } catch (error) {
    if (interrupt.signal.aborted) return interrupt.exitCode();
    throw error;
  } finally {
    line.close();
    interrupt.release();
    await (host as ProgramHost | null)?.close?.();
  }
}

function cannotRun(error: string): UsageError {
  return new UsageError(
    "NANPROOF_E_VERIFY",
    `the bundle cannot run: ${error === "" ? "it said nothing" : error}`,
    "give what the program reads by --with; or leave --verify out, and run the bundle by hand to see why",
  );
}
