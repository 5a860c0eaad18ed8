import { readFixture } from "../../fixtures/store.ts";
import { showJson, showTable } from "../../reporters/show.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { type Files, fileCommand } from "../command.ts";
import { EXIT } from "../exitCodes.ts";
import { filesOrFolders } from "../fixtureFiles.ts";
import type { Values } from "../flags/flag.ts";
import { jsonFlag } from "../flags/shared.ts";
import { print, printJson } from "../output.ts";

const flags = { json: jsonFlag } as const;

/** `nanproof show`: what fixtures are of, without running them. */
export const showCommand = fileCommand({
  name: "show",
  description: "a table of fixtures: what dies, how large, what holds",
  exits: "0",
  example: "show fixtures nanproof-findings",
  operand: { name: "files", description: "fixtures, or folders of them", many: true },
  flags,
  run: runShow,
});

async function runShow(files: Files, { json }: Values<typeof flags>): Promise<number> {
  const shown = filesOrFolders(files).map((file) => {
    const { path, fixture } = readFixture(file);
    return { path: shownPath(path), fixture };
  });
  if (json) printJson(showJson(shown));
  else print(showTable(shown));
  return EXIT.ok;
}
