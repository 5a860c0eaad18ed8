/**
 * Prints the explorer's table of digests, or writes it where its test looks.
 *
 *     tsx scripts/digest-table.ts            the digests that this Node computes, as JSON
 *     tsx scripts/digest-table.ts --write    into src/programs/lstm/engines/explorer/digests.json
 *
 * A changed digest is a changed result: write the table only together with the change that meant it,
 * and raise VERSION in src/programs/lstm/engines/explorer/engine.ts.
 */
import { writeFileSync } from "node:fs";
import { digestTable } from "../src/programs/lstm/engines/explorer/testing/digestTable.ts";

const text = `${JSON.stringify(digestTable(), null, 2)}\n`;
if (process.argv.includes("--write")) writeFileSync("src/programs/lstm/engines/explorer/digests.json", text);
else process.stdout.write(text);
