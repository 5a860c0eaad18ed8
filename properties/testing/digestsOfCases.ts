/** Prints the digest of a whole run of each case in the file named, on the explorer, as one process computes it. */
import { readFileSync } from "node:fs";
import type { TrainingCase } from "../../src/programs/lstm/cases/schema.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";
import { digestOf } from "../../src/programs/lstm/relations/sameBits.ts";

const cases = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as TrainingCase[];
const explorer = await openEngine("explorer");
process.stdout.write(JSON.stringify(cases.map((testCase) => digestOf(explorer, testCase))));
