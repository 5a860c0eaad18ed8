import { execaSync } from "execa";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable, printableJson, quotedPath, shellWord } from "./printable.ts";
import { hostileLines } from "./testing/hostileText.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom(
      "\n",
      "\r",
      "\x1b",
      "\x9b",
      "\u202e",
      "\u2028",
      ":",
      "#",
      "[",
      "'",
      "\\",
      "$",
      " ",
      "a",
      "-",
      "\ud800",
    ),
  }),
);

describe("printable", () => {
  it("writes out what commands a terminal or a log, and leaves the rest", () => {
    expect(printable("a\n::error::b\x1b[31m\x9b\u202ec\r\u{e0041}")).toBe(
      "a\\n::error::b\\x1b[31m\\x9b\\u202ec\\r\\u{e0041}",
    );
    expect(printable("  ::error::x")).toBe("  \\x3a:error::x");
    expect(printable("x ##[error]y ##vso[task]z ## [a]")).toBe("x #\\x23[error]y #\\x23vso[task]z ## [a]");
    for (const plain of ["naïve 日本 👩‍👧 می‌خواهم", "a::b", "C:\\x", "--a='b'"])
      expect(printable(plain)).toBe(plain);
  });

  it("leaves nothing to act on, whatever the text", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(text)).not.toContain("\n");
        expect(hostileLines(printable(text))).toEqual([]);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe("printableJson", () => {
  it("parses to the same, and leaves nothing to act on", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const json = printableJson(JSON.stringify({ [text]: text }));
        expect(hostileLines(json)).toEqual([]);
        expect(JSON.parse(json)).toEqual({ [text]: text });
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe("shellWord", () => {
  it("leaves what a shell leaves, and quotes the rest", () => {
    expect(shellWord("fixtures/a-1.json")).toBe("fixtures/a-1.json");
    expect(shellWord("größe.json")).toBe("größe.json");
    expect(shellWord("my runs/it's.json")).toBe("'my runs/it'\\''s.json'");
    expect(shellWord("a;rm -rf x")).toBe("'a;rm -rf x'");
    expect(shellWord("-x.json")).toBe("./-x.json");
    expect(shellWord("::error::x")).toBe("./::error::x");
    expect(shellWord("a\n\x1b'\\\u202e")).toBe("$'a\\n\\x1b\\'\\\\\\xe2\\x80\\xae'");
    expect(shellWord("")).toBe("''");
    expect(quotedPath("my runs")).toBe('"my runs"');
    expect(quotedPath("my\nruns")).toBe("$'my\\nruns'");
  });

  it("comes out of bash as the path that it was", () => {
    const paths = fc.sample(
      hostile.filter(
        (path) => !path.includes("\0") && Buffer.from(path).toString() === path && !/^[-:]/.test(path),
      ),
      { seed: 1, numRuns: 300 },
    );
    const words = paths.map(shellWord);
    for (const word of words) expect(hostileLines(word)).toEqual([]);
    const { stdout } = execaSync("bash", ["--norc", "-c", `printf '%s\\0' ${words.join(" ")}`], {
      stripFinalNewline: false,
    });
    expect(stdout.split("\0").slice(0, -1)).toEqual(paths);
  });
});
