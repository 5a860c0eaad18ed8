import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readText } from "./readText.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-text-"));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (content: string | Uint8Array) => {
  writeFileSync(join(folder, "poem.txt"), content);
  return readText("poem.txt", folder);
};

describe("readText", () => {
  it("reads UTF-8 as it is, relative to the folder", () => {
    expect(read("Zoë — 我\r\n")).toBe("Zoë — 我\r\n");
  });

  it("takes one byte order mark off the start and leaves any other", () => {
    expect(read("\ufeffone \ufefftwo")).toBe("one \ufefftwo");
  });

  it("refuses bytes that are no UTF-8, naming file, byte and offset", () => {
    expect(() => read(Buffer.from("Zo\xeb is here", "latin1"))).toThrow(
      expect.objectContaining({
        code: "NANPROOF_E_TEXT_NOT_UTF8",
        message: expect.stringMatching(/poem\.txt.* 0xeb at byte offset 2 /),
        hint: expect.stringContaining("iconv"),
      }),
    );
  });

  it("knows UTF-16, with its mark or without", () => {
    const text = Buffer.from("\ufeffOne two.", "utf16le");
    for (const bytes of [
      text,
      text.subarray(2),
      Buffer.from(text).swap16(),
      Buffer.from(text).swap16().subarray(2),
    ])
      expect(() => read(bytes)).toThrow(
        expect.objectContaining({
          code: "NANPROOF_E_TEXT_NOT_UTF8",
          message: expect.stringMatching(/poem\.txt: is UTF-16, not UTF-8$/),
          hint: expect.stringContaining("iconv -f UTF-16"),
        }),
      );
  });

  it.each(["", "\ufeff"])("refuses the empty file %j", (content) => {
    expect(() => read(content)).toThrow(expect.objectContaining({ code: "NANPROOF_E_TEXT_EMPTY" }));
  });

  it("refuses a missing file, naming it", () => {
    expect(() => readText("none.txt", folder)).toThrow(
      expect.objectContaining({
        code: "NANPROOF_E_TEXT_MISSING",
        message: `text ${join(folder, "none.txt")}: there is no such file`,
      }),
    );
  });

  it("refuses a directory", () => {
    mkdirSync(join(folder, "poems"));
    expect(() => readText("poems", folder)).toThrow(
      expect.objectContaining({
        code: "NANPROOF_E_TEXT_NOT_A_FILE",
        message: `text ${join(folder, "poems")}: is a directory`,
      }),
    );
  });

  it("refuses a path that goes through a file", () => {
    read("a b");
    expect(() => readText("poem.txt/x", folder)).toThrow(
      expect.objectContaining({
        code: "NANPROOF_E_TEXT_UNREADABLE",
        message: `text ${join(folder, "poem.txt/x")}: cannot be read (ENOTDIR)`,
      }),
    );
  });

  it("refuses a file over the bound without reading it", () => {
    writeFileSync(join(folder, "huge.txt"), "");
    truncateSync(join(folder, "huge.txt"), 2 ** 40);
    expect(() => readText("huge.txt", folder)).toThrow(
      expect.objectContaining({
        code: "NANPROOF_E_TEXT_TOO_LARGE",
        message: expect.stringContaining(`${2 ** 40}`),
      }),
    );
  });
});
