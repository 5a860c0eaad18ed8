import { NAMED_INVARIANTS } from "../../invariants/table.ts";
import { textsFlag } from "./kinds.ts";

const names = Object.entries(NAMED_INVARIANTS).map(([name, { bound }]) =>
  bound === null ? name : `${name}[=${bound.toExponential()}]`,
);

/** `--invariant`, the same everywhere. */
export const invariantFlag = textsFlag(
  `what else a run must keep to, again and again: ${names.join(", ")}, or an ES module that exports invariants`,
);
