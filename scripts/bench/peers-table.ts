/**
 * Writes docs/peers.json, the rows of scripts/peers/time_peers.py, as tables into docs/speed.md and the README, which a test compares.
 *
 *     python scripts/peers/time_peers.py --processor --peers explorer,explorer-wasm,jax,torch-lstm --json > docs/peers.json
 *     npx tsx scripts/bench/peers-table.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { PEERS_PLACES, readPeers } from "../peers/table.ts";
import { withTable } from "../withTable.ts";

const rows = readPeers();
for (const { file, mark, make } of PEERS_PLACES)
  writeFileSync(file, withTable(readFileSync(file, "utf8"), mark, make(rows)));
