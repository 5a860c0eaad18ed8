import { PassThrough } from "node:stream";
import { styleText } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { painted } from "./paint.ts";

afterEach(() => vi.unstubAllEnvs());

const stream = (facts: object) => Object.assign(new PassThrough(), facts) as unknown as NodeJS.WriteStream;
const terminal = stream({ isTTY: true, getColorDepth: () => 8, hasColors: () => true });

/** The text as a terminal with colours gets it. */
function onTerminal(text: string): string {
  for (const name of ["NO_COLOR", "NODE_DISABLE_COLORS", "FORCE_COLOR"]) vi.stubEnv(name, undefined);
  return painted(text, terminal);
}

const styled = (style: "cyan" | "green" | "red" | "yellow", text: string) =>
  styleText(style, text, { validateStream: false });

describe("the lines of a result on a terminal", () => {
  it.each([
    ["a command to type, whole", "  npx nanproof replay a.json", "cyan", "  npx nanproof replay a.json"],
    ["one that is not indented", "npx nanproof gate", "cyan", "npx nanproof gate"],
    ["what went well", "reproduced: on explorer", "green", "reproduced"],
    ["what went wrong", "died at step 12: the loss is NaN", "red", "died at step 12"],
    ["a warning", "warning: 3 lines are long", "yellow", "warning"],
  ] as const)("have a colour for %s", (_, line, style, part) => {
    expect(onTerminal(`one line\n${line}`)).toBe(`one line\n${line.replace(part, styled(style, part))}`);
  });

  it.each(["run npx nanproof gate", "reproducedly: it was", "no warning: nothing"])(
    "are plain where it is %s",
    (line) => {
      expect(onTerminal(line)).toBe(line);
    },
  );

  it("have none where the stream shows none: it is a file, or a terminal without colours", () => {
    const text = "reproduced: on explorer";
    vi.stubEnv("FORCE_COLOR", undefined);
    for (const facts of [{ isTTY: false }, { isTTY: true, getColorDepth: () => 1, hasColors: () => false }])
      expect(painted(text, stream(facts))).toBe(text);
  });
});
