import { createInterface } from "node:readline";
import { execa } from "execa";
import * as z from "zod";
import { UsageError } from "../../documents/errors.ts";
import { quotedPath, shellWord } from "../../documents/printable.ts";
import { ERROR_SHOWN, type Runner, type Runs } from "../runner.ts";
import type { ScriptRun } from "../scriptRun.ts";

/**
 * Loads the modules that it is given, prints their versions, and then runs each file that is named on its standard input: a
 * line of JSON for every answer. What a framework prints past Python goes to stderr, so that it cannot come between.
 */
const DRIVER = `
import contextlib, importlib, io, json, os, platform, runpy, sys, traceback
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
def answer(value):
    print(json.dumps(value), file=answers, flush=True)
versions, missing = [], []
for name in sys.argv[1:]:
    try:
        versions.append(name + " " + str(importlib.import_module(name).__version__))
    except ImportError as error:
        missing.append(name)
answer({"versions": versions + ["Python " + platform.python_version()], "missing": missing})
for line in sys.stdin:
    out, error, code = io.StringIO(), "", 125
    try:
        with contextlib.redirect_stdout(out):
            runpy.run_path(json.loads(line), run_name="__main__")
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 125
    except BaseException:
        error = traceback.format_exc()
    sys.excepthook = sys.__excepthook__
    answer({"exitCode": code, "stdout": out.getvalue(), "error": error})
`;

const helloSchema = z.object({ versions: z.array(z.string()), missing: z.array(z.string()) });
const runSchema = z.object({ exitCode: z.number(), stdout: z.string(), error: z.string() });

/**
 * Runs scripts one after the other in one Python, until one of them is enough.
 * @throws UsageError when there is no such Python, or it has not the modules.
 */
export async function runInPython(
  modules: readonly string[],
  files: readonly string[],
  { python, signal }: Runner,
  until: (run: ScriptRun) => boolean,
): Promise<Runs> {
  const child = execa(python, ["-c", DRIVER, ...modules], {
    reject: false,
    buffer: false,
    stdin: "pipe",
    env: { TF_CPP_MIN_LOG_LEVEL: "3", PYTHONIOENCODING: "utf-8" },
    ...(signal && { cancelSignal: signal, forceKillAfterDelay: 500 }),
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = `${stderr}${chunk}`.slice(-ERROR_SHOWN);
  });
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value as string | undefined;
  try {
    const hello = await next();
    if (hello === undefined) throw await unusable(python, child, () => stderr);
    const { versions, missing } = helloSchema.parse(JSON.parse(hello));
    if (missing.length > 0) throw lacking(python, missing);
    const runs: ScriptRun[] = [];
    for (const file of files) {
      child.stdin.write(`${JSON.stringify(file)}\n`);
      const line = await next();
      if (line === undefined) {
        const { shortMessage } = await child;
        runs.push({ exitCode: 125, stdout: "", error: `${shortMessage ?? "it ended"}\n${stderr}` });
        break;
      }
      const run = runSchema.parse(JSON.parse(line));
      runs.push(run);
      if (until(run)) break;
    }
    return { versions, runs };
  } finally {
    child.stdin.end();
    child.kill();
    await child;
  }
}

async function unusable(
  python: string,
  child: PromiseLike<{ shortMessage?: string | undefined }>,
  stderr: () => string,
): Promise<UsageError> {
  const { shortMessage = "it ended" } = await child;
  const last = stderr().trim().split("\n").at(-1) ?? "";
  return new UsageError(
    "NANPROOF_E_PYTHON",
    `--python is ${quotedPath(python)}: ${last === "" ? (shortMessage.split("\n")[0] ?? "it ended") : last}`,
    "give the path of a Python that has the framework",
  );
}

function lacking(python: string, modules: readonly string[]): UsageError {
  return new UsageError(
    "NANPROOF_E_PYTHON",
    `--python is ${quotedPath(python)}: it has no ${modules.join(" and no ")}`,
    `install it: ${shellWord(python)} -m pip install ${modules.join(" ")}; or give --python another Python`,
  );
}
