import { describe, expect, it } from "vitest";
import { type Report, reportLines, type Tracker } from "./issueForms.ts";

const report: Report = {
  title: "It dies",
  versions: ["@tensorflow/tfjs 4.22.0", "tensorflow 2.21.0", "keras 3.15.1", "node 22.1.0", "python 3.11.7"],
  system: "linux x64",
  command: "python death.py",
  problem: ["THE PROBLEM"],
  steps: ["THE STEPS"],
  expected: ["THE EXPECTED"],
  actual: ["THE ACTUAL"],
  script: ["THE SCRIPT"],
};

/** The headings of each tracker's own form for bugs, in its order. */
const HEADINGS: Readonly<Record<Tracker, string[]>> = {
  pytorch: ["### 🐛 Describe the bug", "### Versions"],
  keras: [
    ...["**System information**", "**Describe the problem**", "**Describe the current behavior**"],
    ...[
      "**Describe the expected behavior**",
      "**Contributing**",
      "**Standalone code to reproduce the issue**",
    ],
    "**Source code / logs**",
  ],
  tensorflow: [
    ...["### Issue type", "### Have you reproduced the bug with TensorFlow Nightly?", "### Source"],
    ...[
      "### TensorFlow version",
      "### Custom code",
      "### OS platform and distribution",
      "### Python version",
    ],
    ...["### CUDA/cuDNN version", "### GPU model and memory", "### Current behavior?"],
    ...["### Standalone code to reproduce the issue", "### Relevant log output"],
  ],
  tfjs: [
    ...["**System information**", "**Describe the current behavior**", "**Describe the expected behavior**"],
    ...["**Standalone code to reproduce the issue**", "**Other info / logs**"],
  ],
  jax: ["### Description", "### System info (python version, jaxlib version, accelerator, etc.)"],
  numpy: [
    ...["### Describe the issue:", "### Reproduce the code example:", "### Error message:"],
    ...["### Python and NumPy Versions:", "### Runtime Environment:", "### Context for the issue:"],
  ],
};
const TRACKERS = Object.keys(HEADINGS) as Tracker[];

describe.each(TRACKERS)("a report for the tracker of %s", (tracker) => {
  const lines = reportLines(tracker, report);

  it("has the headings of its form, in their order", () => {
    expect(lines.filter((line) => /^(### .*|\*\*[^*]+\*\*)$/.test(line))).toEqual(HEADINGS[tracker]);
  });

  it("tells environment, steps, what was expected and what came, and the script", () => {
    for (const part of [
      "THE PROBLEM",
      "THE STEPS",
      "THE EXPECTED",
      "THE ACTUAL",
      "THE SCRIPT",
      "`linux x64`",
    ])
      expect(lines.join("\n")).toContain(part);
  });

  it("leaves to the person what was not seen", () => {
    const unseen = reportLines(tracker, { ...report, versions: ["keras (version: fill in)"], system: null });
    expect(unseen.join("\n")).toContain("(fill in)");
    expect(unseen.join("\n")).not.toContain("linux");
  });
});

describe("a report's versions", () => {
  it.each([
    ["tfjs", "- TensorFlow.js version: `@tensorflow/tfjs 4.22.0`"],
    ["tfjs", "- Browser version: none, `node 22.1.0`"],
    ["keras", "- TensorFlow version: `tensorflow 2.21.0`"],
    ["keras", "- Keras version: `keras 3.15.1`"],
    ["keras", "- Python version: `python 3.11.7`"],
    ["keras", "- Exact command to reproduce: `python death.py`"],
    ["tensorflow", "`tensorflow 2.21.0`"],
  ] as const)("stand in the fields of %s: %s", (tracker, line) => {
    expect(reportLines(tracker, report)).toContain(line);
  });
});
