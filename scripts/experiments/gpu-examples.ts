// Do the examples in PyTorch and JAX go the whole way on a GPU, from train to a gate? The table "On a GPU" of docs/python.md.
// npx tsx scripts/experiments/gpu-examples.ts [--python python3] [--device cuda] [--concurrency 4] [--only FILE]
// PyTorch's tensors are made on the device by python/tests/device, JAX takes a GPU where there is one. Each example is trained twice (the
// same bits?), its fixture is replayed on the device and on the CPU, and the gate is asked about the example and about its mended twin.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { EXAMPLES, type Example, exampleFile } from "../../src/programs/testing/examples.ts";

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    device: { type: "string", default: "cuda" },
    concurrency: { type: "string", default: "4" },
    only: { type: "string", multiple: true },
  },
});
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDERS = [
  join(ROOT, "python/tests/device"),
  ...(process.env.PYTHONPATH ? [process.env.PYTHONPATH] : []),
];
const ON_CPU = { CUDA_VISIBLE_DEVICES: "", JAX_PLATFORMS: "cpu" };

interface Replayed {
  reproduced: boolean;
  digest: string;
}

/** Runs a command, on the device or on the CPU, with `--json`. */
async function nanproof(args: string[], on: Example["framework"] | "cpu") {
  const onDevice =
    on === "torch" ? { NANPROOF_TESTS_DEVICE: values.device, PYTHONPATH: FOLDERS.join(delimiter) } : {};
  const env = on === "cpu" ? ON_CPU : onDevice;
  const options = { cwd: ROOT, env, reject: false } as const;
  const command = ["dist/cli/main.js", ...args, "--python", values.python, "--json"];
  const { exitCode, stdout, stderr } = await execa("node", command, options);
  if (stdout === "") console.error(`${args.join(" ")}: ${exitCode}\n${stderr}`);
  return { exitCode, said: stdout === "" ? null : JSON.parse(stdout), stderr };
}

async function row({ file, fixed, framework }: Example): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "nanproof-gpu-"));
  const program = ["--program", exampleFile(file)];
  const from = performance.now();
  const { said, stderr } = await nanproof(["train", ...program, "--out", folder], framework);
  const seconds = ((performance.now() - from) / 1000).toFixed(0);
  if (said?.fixture == null)
    return `| \`${file}\` | ${framework} | no fixture: ${JSON.stringify(said)} ${stderr} |`;
  const fixture = join(ROOT, said.fixture);
  const replays: (Replayed | null)[] = [];
  for (const on of [framework, framework, "cpu"] as const) {
    replays.push((await nanproof(["replay", fixture, ...program], on)).said);
  }
  const [first, second, cpu] = replays;
  const own = await nanproof(["gate", "--fixtures", folder, ...program, "--budget", "0"], framework);
  const mended = ["--program", exampleFile(fixed)];
  const twin = await nanproof(["gate", "--fixtures", folder, ...mended, "--budget", "0"], framework);
  const again = await nanproof(["train", ...program, "--out", folder, "--no-shrink"], framework);
  rmSync(folder, { recursive: true });
  const { size } = (first ?? {}) as { size?: { nonZero: number; nonZeroInBatch: number } };
  const yes = (condition: boolean) => (condition ? "yes" : "no");
  return `| ${[
    `\`${file}\``,
    framework,
    `step ${said.step}, \`${said.signature}\``,
    `${seconds} s`,
    `${size?.nonZeroInBatch} + ${(size?.nonZero ?? 0) - (size?.nonZeroInBatch ?? 0)}`,
    yes(again.said?.step === said.step && again.said?.signature === said.signature),
    yes(first?.reproduced === true && first.digest === second?.digest),
    yes(cpu?.reproduced === true),
    `${own.exitCode}, ${twin.exitCode}`,
  ].join(" | ")} |`;
}

console.log(
  "| example | framework | dies | found, made small, confirmed | numbers not 0: batch + weights | again at that step, so | replays there, the same bits | on a CPU | gate on itself, on its twin |",
);
console.log(`|${"---|".repeat(9)}`);
const waiting = EXAMPLES.filter(
  ({ file, framework, form }) =>
    form === "program" && /torch|jax/.test(framework) && (values.only?.includes(file) ?? true),
);
await Promise.all(
  Array.from({ length: Number(values.concurrency) }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) console.log(await row(next));
  }),
);
