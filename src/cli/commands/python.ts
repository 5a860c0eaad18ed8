import { pythonFolder } from "../../programs/process/launch.ts";
import { command } from "../command.ts";
import { EXIT } from "../exitCodes.ts";
import { print } from "../output.ts";

/** `nanproof python`: where the client for Python programs is. */
export const pythonCommand = command({
  name: "python",
  description: "print the folder that PYTHONPATH must name for `import nanproof` in Python",
  exits: "0 printed",
  example: "python",
  flags: {},
  run: async () => {
    print([pythonFolder().replace(/[\\/]$/, "")]);
    return EXIT.ok;
  },
});
