import { code } from "./markdown.ts";

/** Trackers whose forms are known. */
export type Tracker = "tfjs" | "pytorch" | "keras" | "tensorflow" | "jax" | "numpy";

/** The contents of a bug report, whatever headings its tracker has for them. Every field is lines of Markdown. */
export interface Report {
  /** One line without marks. */
  title: string;
  /** `torch 2.15.0`, `Python 3.11.7`; names alone where nothing was run. */
  versions: readonly string[];
  /** The operating system; null where nothing was run here. */
  system: string | null;
  /** The command that runs it, as typed. */
  command: string;
  /** The problem in a sentence or two. */
  problem: readonly string[];
  steps: readonly string[];
  expected: readonly string[];
  actual: readonly string[];
  /** The code, in a fold. */
  script: readonly string[];
}

const FILL = "(fill in)";

/** A report under the headings that a tracker's own form has. */
export function reportLines(tracker: Tracker, report: Report): string[] {
  const title = [`# ${tracker === "numpy" ? "BUG: " : ""}${report.title}`, ""];
  const parts = FORMS[tracker](report);
  return [...title, ...parts.flatMap((lines) => [...lines, ""])].slice(0, -1);
}

type Form = (report: Report) => (readonly string[])[];

const versionOf = ({ versions }: Report, name: RegExp): string => {
  const found = versions.find((version) => name.test(version));
  return found === undefined ? FILL : code(found);
};
const systemOf = ({ system }: Report) => (system === null ? FILL : code(system));
const allVersions = ({ versions }: Report) => versions.map((version) => `- ${code(version)}`);

const FORMS: Readonly<Record<Tracker, Form>> = {
  pytorch: (report) => [
    ["### 🐛 Describe the bug", "", ...report.problem],
    report.steps,
    ["Expected:", "", ...report.expected],
    ["Instead:", "", ...report.actual],
    report.script,
    ["### Versions", "", ...allVersions(report), `- operating system: ${systemOf(report)}`],
    [`${FILL}: the output of ${code("python -m torch.utils.collect_env")}`],
  ],
  keras: (report) => [
    [
      "**System information**",
      "",
      "- Have I written custom code: yes, all of it is below",
      `- OS Platform and Distribution: ${systemOf(report)}`,
      `- TensorFlow installed from: ${FILL}`,
      `- TensorFlow version: ${versionOf(report, /^tensorflow /)}`,
      `- Keras version: ${versionOf(report, /^keras /)}`,
      `- Python version: ${versionOf(report, /^python /i)}`,
      `- GPU model and memory: ${FILL}`,
      `- Exact command to reproduce: ${code(report.command)}`,
    ],
    ["**Describe the problem**", "", ...report.problem],
    ["**Describe the current behavior**", "", ...report.actual],
    ["**Describe the expected behavior**", "", ...report.expected],
    ["**Contributing**", "", `- Do you want to contribute a PR? (yes/no): ${FILL}`],
    ["**Standalone code to reproduce the issue**", "", ...report.steps],
    ["**Source code / logs**", "", ...report.script],
  ],
  tensorflow: (report) => [
    heading("Issue type", ["Bug"]),
    heading("Have you reproduced the bug with TensorFlow Nightly?", [FILL]),
    heading("Source", [FILL]),
    heading("TensorFlow version", [versionOf(report, /^tensorflow /)]),
    heading("Custom code", ["Yes"]),
    heading("OS platform and distribution", [systemOf(report)]),
    heading("Python version", [versionOf(report, /^python /i)]),
    heading("CUDA/cuDNN version", [FILL]),
    heading("GPU model and memory", [FILL]),
    heading("Current behavior?", [
      ...report.problem,
      "",
      ...report.actual,
      "",
      "Expected:",
      "",
      ...report.expected,
    ]),
    heading("Standalone code to reproduce the issue", report.steps),
    report.script,
    heading("Relevant log output", report.actual),
  ],
  tfjs: (report) => [
    [
      "**System information**",
      "",
      "- Have I written custom code: yes, all of it is below",
      `- OS Platform and Distribution: ${systemOf(report)}`,
      "- TensorFlow.js installed from: npm",
      `- TensorFlow.js version: ${versionOf(report, /^@tensorflow\/tfjs /)}`,
      `- Browser version: none, ${versionOf(report, /^node /i)}`,
      "- Tensorflow.js Converter Version: none",
    ],
    ["**Describe the current behavior**", "", ...report.problem, "", ...report.actual],
    ["**Describe the expected behavior**", "", ...report.expected],
    ["**Standalone code to reproduce the issue**", "", ...report.steps],
    report.script,
    ["**Other info / logs**", "", ...allVersions(report)],
  ],
  jax: (report) => [
    heading("Description", report.problem),
    report.steps,
    ["Expected:", "", ...report.expected],
    ["Instead:", "", ...report.actual],
    report.script,
    heading("System info (python version, jaxlib version, accelerator, etc.)", [
      ...allVersions(report),
      `- operating system: ${systemOf(report)}`,
      `- ${FILL}: the output of ${code("import jax; jax.print_environment_info()")}`,
    ]),
  ],
  numpy: (report) => [
    heading("Describe the issue:", [...report.problem, "", "Expected:", "", ...report.expected]),
    heading("Reproduce the code example:", report.steps),
    report.script,
    heading("Error message:", report.actual),
    heading("Python and NumPy Versions:", allVersions(report)),
    heading("Runtime Environment:", [`operating system: ${systemOf(report)}`]),
    heading("Context for the issue:", [FILL]),
  ],
};

function heading(title: string, lines: readonly string[]): string[] {
  return [`### ${title}`, "", ...lines];
}
