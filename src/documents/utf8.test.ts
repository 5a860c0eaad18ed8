import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstBadByte } from "./utf8.ts";

describe("firstBadByte", () => {
  it("finds a bad byte exactly where Node says that bytes are no UTF-8", () => {
    const nearUtf8 = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      // Bytes from the edges of RFC 3629's table: uniform bytes rarely make long sequences.
      fc
        .array(
          fc.constantFrom(
            0x41,
            0x7f,
            0x80,
            0x8f,
            0x90,
            0x9f,
            0xa0,
            0xbf,
            0xc1,
            0xc2,
            0xe0,
            0xed,
            0xef,
            0xf0,
            0xf4,
            0xf5,
          ),
        )
        .map((bytes) => Uint8Array.from(bytes)),
    );
    fc.assert(
      fc.property(nearUtf8, (bytes) => {
        expect(firstBadByte(bytes) === undefined).toBe(isUtf8(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it("gives the offset in bytes where the good text before it ends", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom([0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80]),
        (text, bad) => {
          const good = Buffer.from(text);
          expect(firstBadByte(Buffer.concat([good, Buffer.from(bad)]))).toBe(good.length);
        },
      ),
    );
  });

  it("takes an unfinished character at the end as bad from its first byte on", () => {
    expect(firstBadByte(Buffer.from("a€").subarray(0, 3))).toBe(1);
  });
});
