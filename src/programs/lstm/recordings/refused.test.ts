import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { refuses } from "../../../cli/testing/refuses.ts";
import { type Json, withField } from "../../../documents/testing/withField.ts";
import { readRecording } from "./recording.ts";

const root = mkdtempSync(join(tmpdir(), "nanproof-refused-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const RECORDING = "fixtures/recordings/seed-axis1.json";
const recording = readFileSync(RECORDING, "utf8");
const recordingWith = (path: string, value: Json | undefined) => () => withField(recording, path, value);

/** Mistakes: what is wrong, what is written, and what the message says after the file's name. */
const RECORDINGS: [name: string, contents: () => string | Uint8Array, says: RegExp][] = [
  ["empty", () => "", /: is empty/],
  ["truncated", () => readFileSync(RECORDING).subarray(0, 5000), /: is not JSON: /],
  ["of a newer version", recordingWith("schemaVersion", 2), /: schemaVersion is 2; /],
  [
    "with unknown keys",
    recordingWith("case.dropout", 1),
    /: case has the unknown key "dropout": leave it out/,
  ],
  ["with another axis", recordingWith("case.axis", 0), /: case\.axis is 0: give one of 1, 2\n/],
  [
    "with too many units",
    recordingWith("case.layers.0.units", 1e9),
    /: case\.layers\[0\]\.units is 1000000000: give at most 2048/,
  ],
  [
    "with a short kernel",
    recordingWith("initialWeights.0.kernel", [[1]]),
    /: initialWeights\[0\]\.kernel has 1 entries where its shape asks for \d+/,
  ],
  [
    "with a row past its batch",
    recordingWith("batches.0.lengths.0", 4000),
    /: batches\[0\]\.lengths\[0\] is 4000, past the \d+ timesteps/,
  ],
  [
    "with short outputs",
    recordingWith("firstStep.outputs", [[[1]]]),
    /: firstStep\.outputs has 1 entries where its shape asks for \d/,
  ],
  [
    "with gradients of one layer",
    recordingWith("firstStep.gradients", [{ kernel: [[1]], bias: [1] }]),
    /: firstStep\.gradients has 1 layers, the model has 3/,
  ],
  [
    "with a short final bias",
    recordingWith("finalWeights.2.bias", [1]),
    /: finalWeights\[2\]\.bias has 1 entries where its shape asks for \d/,
  ],
  [
    "with a million empty steps, of which the first is told",
    recordingWith(
      "steps",
      Array.from({ length: 1e6 }, () => ({})),
    ),
    /: steps\[0\]\.loss is missing: (?!.*steps\[1\])/,
  ],
  ["without steps", recordingWith("steps", []), /: steps is \[\]: give at least 1 entry/],
  [
    "with a loss that is none",
    recordingWith("steps.3.loss", "nan"),
    /: steps\[3\]\.loss is "nan": give a float32/,
  ],
];

describe.concurrent("nanproof compare refuses a recording", () => {
  it.each(RECORDINGS)("%s", async (name, contents, says) => {
    const path = join(root, `recording-${name.replaceAll(" ", "-")}.json`);
    writeFileSync(path, contents());
    await refuses(path, says, ["compare", RECORDING, path, "--json"]);
  });

  it("and reads the one that these were made of", () => {
    expect(readRecording(RECORDING).case.name).toBe("seed-axis1");
  });
});

describe("what is wrong in a recording", () => {
  /** All that is said of a recording with other contents at some places. */
  function said(name: string, changes: readonly (readonly [path: string, value: Json])[]): string {
    const path = join(root, `${name}.json`);
    writeFileSync(
      path,
      changes.reduce((text, [field, value]) => withField(text, field, value), recording),
    );
    try {
      readRecording(path);
      return "nothing";
    } catch (error) {
      return (error as Error).message.replace(`${path}: `, "");
    }
  }

  it("is told once, though the case that is made of it is wrong there too", () => {
    expect(said("rate", [["case.learningRate", 1e-60]])).toMatch(
      /^case\.learningRate is 1e-60: give a number over 0[^;]*$/,
    );
  });

  it("is told with what it asks for, where numbers and shapes do not fit", () => {
    expect(said("kernel", [["initialWeights.0.kernel", [[1]]]])).toBe(
      "initialWeights[0].kernel has 1 entries where its shape asks for 8: give shape [8, 16]",
    );
  });

  it("is told with the limit that it breaks, where only the case has that limit", () => {
    const empty = [[], [], []];
    expect(
      said("empty", [
        ["batches.0.x", empty],
        ["batches.0.y", empty],
      ]),
    ).toMatch(/^batches\[0\]\.time is not right: .*>=1/);
  });
});
