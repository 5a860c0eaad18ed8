import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFixture } from "../src/fixtures/store.ts";

/**
 * Writes the table of fixtures/README.md anew, from the fixtures.
 *
 *   npx tsx scripts/list-fixtures.ts
 */
const README = "fixtures/README.md";
const rows = readdirSync("fixtures")
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => {
    const { grade, expected, sentence = "", fixes, provenance } = readFixture(`fixtures/${name}`).fixture;
    const file = `[${name.replace(/^.*-([0-9a-f]{12})\.json$/, "$1")}](${name})`;
    const cells = [
      file,
      grade,
      expected.signature,
      provenance.preset,
      sentence,
      fixes?.holds.join(", ") || "none",
    ];
    return `| ${cells.join(" | ")} |`;
  });
const [head] = readFileSync(README, "utf8").split(/^\| file /m);
const title =
  "| file | grade | signature | from | what dies and how | holds under |\n|---|---|---|---|---|---|";
writeFileSync(README, `${head}${title}\n${rows.join("\n")}\n`);
