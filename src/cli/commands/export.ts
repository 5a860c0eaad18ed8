import { UsageError } from "../../documents/errors.ts";
import { fileCommand } from "../command.ts";
import { exportBundle } from "../exporting/exportBundle.ts";
import { exportFlags, TO_NAMES } from "../exporting/exportFlags.ts";
import { exportScript } from "../exporting/exportScript.ts";

/** `nanproof export`: a fixture as a script, or a folder, that needs its framework alone. */
export const exportCommand = fileCommand({
  name: "export",
  description: "turn a fixture into one script, or a folder, for a framework's issue tracker",
  exits: "0 written, and with --verify it dies there; 1 with --verify it lives there",
  example: "export fixtures/NAME.json --to pytorch --out repro.py",
  operand: { name: "file", description: "a fixture", many: false },
  flags: exportFlags,
  run: ([file], given) => {
    const { to } = given;
    if (to === undefined)
      throw new UsageError("NANPROOF_E_USAGE", "--to is missing", `give one of ${TO_NAMES.join(", ")}`);
    return to === "bundle" ? exportBundle({ ...given, file }) : exportScript({ ...given, file }, to);
  },
});
