import type { ProgramHost } from "../../programs/process/program.ts";
import type { ProgramStep } from "../../programs/process/step.ts";
import type { HostRecord } from "../../programs/protocol.ts";
import type { Framework } from "./frameworks.ts";

/** The step in the program itself, as nanproof runs it. */
export interface HostedStep {
  framework: Framework;
  versions: readonly string[];
  /** The part that is not finite; null where it lives. */
  where: NonNullable<HostRecord["dead"]>["where"] | null;
}

/** Runs the step in the program itself. @throws UsageError when the program does not take it. */
export async function hostedStep({ hosting }: ProgramHost, step: ProgramStep): Promise<HostedStep> {
  const { framework } = await hosting.standing(step.case);
  const files = hosting.written(step);
  try {
    const [record] = (await hosting.run(files, 1)).records;
    const { nanproof: _, ...versions } = hosting.ready.versions;
    return {
      framework: framework as Framework,
      versions: Object.entries(versions).map(([name, version]) => `${name} ${version}`),
      where: record?.dead?.where ?? null,
    };
  } finally {
    hosting.drop(files);
  }
}
