import { join } from "node:path";
import { expect, it } from "vitest";
import type { Died } from "./died.ts";
import { reportDeath } from "./reportDeath.ts";
import type { Frame } from "./stack.ts";
import type { WrittenCapture } from "./writeCapture.ts";

/** What is told of a captured death whose step was called so. */
function toldOf(call: Frame | null): string {
  const observed = { dead: { where: "loss", tensor: null }, loss: Number.NaN };
  const died = { kept: { step: 3 }, observed, violated: [], call } as unknown as Died;
  const written = { path: "found/train-step3.json", capture: { why: null } } as unknown as WrittenCapture;
  return reportDeath(died, null, written);
}

const called = (file: string): Frame => ({ file, line: 7, column: 1, function: null });

it("a death is told with the command that replays it, on the file that called the step", () => {
  expect(toldOf(called(join(process.cwd(), "examples/train.mjs")))).toBe(
    [
      "nanproof: training died at step 3: the loss is NaN",
      "  captured in found/train-step3.json",
      "replay it:",
      "  npx nanproof replay found/train-step3.json --program examples/train.mjs",
      "",
    ].join("\n"),
  );
});

it("a death whose file is not known is told with a place for it in the command", () => {
  expect(toldOf(null)).toContain("  npx nanproof replay found/train-step3.json --program FILE\n");
});
