/**
 * Writes the tables of docs/speed.json into the README and docs/speed.md, which a test compares.
 *
 *     npx tsx scripts/bench/speed-tables.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { withTable } from "../withTable.ts";
import { PLACES, readSpeed } from "./speed/tables.ts";

const speed = readSpeed();
for (const { file, mark, make } of PLACES)
  writeFileSync(file, withTable(readFileSync(file, "utf8"), mark, make(speed)));
