import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** The anchor that a heading has on GitHub. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

describe.each(["scripts/bench", "scripts/experiments"])("%s", (folder) => {
  const rows = [
    ...readFileSync(join(folder, "README.md"), "utf8").matchAll(
      /^\| `(\S+\.(?:ts|py))` \|(.*)\|(.*)\|(.*)\|$/gm,
    ),
  ].map(([, script = "", question = "", answer = "", command = ""]) => ({
    script,
    question,
    answer,
    command,
  }));

  it("has a row for every script, and no other", () => {
    const scripts = readdirSync(folder).filter((name) => /\.(ts|py)$/.test(name));
    expect(rows.map(({ script }) => script)).toEqual(scripts.sort());
  });

  it.each(rows)(
    "$script: asks a question, and the document that answers it names it",
    ({ script, ...row }) => {
      expect(row.question).toContain("?");
      expect(row.command).toContain(`${folder}/${script}`);
      const [, file = "", anchor = null] = /\]\(\.\.\/\.\.\/([^)#]+)(?:#([^)]+))?\)/.exec(row.answer) ?? [];
      const document = readFileSync(file, "utf8");
      expect(document).toContain(`${folder}/${script}`);
      const anchors = [...document.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
      if (anchor !== null) expect(anchors).toContain(anchor);
    },
  );
});
