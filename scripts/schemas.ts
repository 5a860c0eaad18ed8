/** Writes the JSON Schemas of everything nanproof writes to `schemas/`. Run: npm run schemas. */
import { mkdirSync, writeFileSync } from "node:fs";
import { jsonSchemas } from "../src/fixtures/jsonSchemas.ts";

mkdirSync("schemas", { recursive: true });
for (const [name, schema] of Object.entries(jsonSchemas())) {
  writeFileSync(`schemas/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`);
  console.log(`schemas/${name}.json`);
}
