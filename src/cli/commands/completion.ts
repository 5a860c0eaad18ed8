import { UsageError } from "../../documents/errors.ts";
import { type Command, fileCommand } from "../command.ts";
import { completionScript, SHELLS } from "../completionScript.ts";
import { EXIT } from "../exitCodes.ts";
import { nearest } from "../nearest.ts";
import { print } from "../output.ts";

/**
 * `nanproof completion`: a script that completes commands and flags in a shell.
 * @param load Gives every command, this one included.
 */
export function completionCommand(load: () => Promise<readonly Command[]>): Command {
  return fileCommand({
    name: "completion",
    description: "a script that completes commands and flags in a shell",
    exits: "0",
    example: "completion bash >> ~/.bashrc",
    operand: { name: "shell", description: SHELLS.join(", "), many: false },
    flags: {},
    run: async ([typed]) => {
      const shell = SHELLS.find((known) => known === typed);
      if (shell === undefined) {
        const near = nearest(typed, SHELLS);
        throw new UsageError(
          "NANPROOF_E_USAGE",
          `there are no completions for ${JSON.stringify(typed)}${near === undefined ? "" : `; did you mean ${near}?`}`,
          `give one of ${SHELLS.join(", ")}`,
        );
      }
      print(completionScript(shell, await load()));
      return EXIT.ok;
    },
  });
}
