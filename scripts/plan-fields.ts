/**
 * Writes src/programs/lstm/engines/explorer/planFields.ts from assembly/plan.ts and assembly/step.ts: the kernels say once what a plan
 * holds, and the TypeScript side reads it from there.
 *
 *     npx tsx scripts/plan-fields.ts
 */

import { writeFileSync } from "node:fs";
import { planFieldsSource } from "../src/programs/lstm/engines/explorer/testing/planFieldsSource.ts";

writeFileSync("src/programs/lstm/engines/explorer/planFields.ts", planFieldsSource());
