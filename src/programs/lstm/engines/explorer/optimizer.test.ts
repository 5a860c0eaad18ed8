import { test } from "vitest";
import { expectFormula, OPTIMIZERS } from "../tfjs/testing/optimizerFormula.ts";
import { explorerEngine } from "./engine.ts";

test.each(OPTIMIZERS)("follows the float64 formula over six steps: %s", (_, optimizer, from) =>
  expectFormula(explorerEngine(), optimizer, from),
);
