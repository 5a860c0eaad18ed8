import { shellText } from "../documents/printable.ts";
import { type Flags, typedFlags, type Values } from "./flags/flag.ts";

/** A command to paste into a shell, with the flags that matter, in the order of `values`, and those of `always`. */
export function typedCommand<F extends Flags>(
  name: string,
  flags: F,
  values: Partial<Values<F>>,
  always: readonly (keyof F)[] = [],
): string {
  return ["npx nanproof", name, ...typedFlags(flags, values, always).map(shellText)].join(" ");
}
