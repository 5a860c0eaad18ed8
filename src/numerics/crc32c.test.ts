import { expect, test } from "vitest";
import { crc32c, maskedCrc32c } from "./crc32c.ts";

test.each([
  ["32 zero bytes", new Uint8Array(32), 0x8a9136aa],
  ["32 bytes of 255", new Uint8Array(32).fill(255), 0x62a8ab43],
  ["32 ascending bytes", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ["32 descending bytes", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ["nothing", new Uint8Array(0), 0],
])("the vectors of RFC 3720, appendix B.4: %s", (_, bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc);
});

test("a masked CRC stays an unsigned 32-bit number, and differs from the CRC", () => {
  // ((0x8a9136aa >> 15) | (0x8a9136aa << 17)) + 0xa282ead8 modulo 2^32.
  expect(maskedCrc32c(new Uint8Array(32))).toBe(
    Number((((0x8a9136aan >> 15n) | ((0x8a9136aan << 17n) & 0xffffffffn)) + 0xa282ead8n) & 0xffffffffn),
  );
});
