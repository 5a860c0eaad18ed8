import { execa } from "execa";
import * as z from "zod";
import { pythonEnvironment } from "./launch.ts";

const reportSchema = z.object({
  python: z.string(),
  numpy: z.string().nullable(),
  adapters: z.array(
    z.object({
      adapter: z.string(),
      package: z.string(),
      version: z.string().nullable(),
      status: z.enum(["works", "broken", "missing"]),
      reason: z.string().nullable(),
    }),
  ),
});

/** The state of a Python: itself, numpy, and every adapter. */
export type PythonReport =
  | ({ status: "looked"; command: string } & z.infer<typeof reportSchema>)
  /** It does not start, or cannot load the client. */
  | { status: "broken"; command: string; reason: string };

/** Frameworks take their time to load. */
const PATIENCE_MS = 180_000;
const LINE_LENGTH = 300;

/** Looks at a Python. @param python Its path; null for the one on the search path. */
export async function lookAtPython(python: string | null, signal: AbortSignal): Promise<PythonReport> {
  const command = python ?? "python3";
  const { stdout, stderr, exitCode, originalMessage } = await execa(command, ["-m", "nanproof.doctor"], {
    env: { ...pythonEnvironment(), TF_CPP_MIN_LOG_LEVEL: "3" },
    reject: false,
    timeout: PATIENCE_MS,
    cancelSignal: signal,
    stdin: "ignore",
  });
  // A framework may print when it is loaded.
  const line = stdout?.split("\n").findLast((text) => text.startsWith("{")) ?? "";
  const parsed = reportSchema.safeParse(jsonOf(line));
  if (exitCode === 0 && parsed.success) return { status: "looked", command, ...parsed.data };
  const said = stderr?.trim().split("\n").at(-1) ?? "";
  return {
    status: "broken",
    command,
    reason: (said || originalMessage || "it says nothing").slice(0, LINE_LENGTH),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
