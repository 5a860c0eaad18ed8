import type { FileOrder } from "../hostOrder.ts";
import { Hosting } from "./hosting.ts";
import { HOST_NAMES, type ProgramHost, programWith } from "./program.ts";

/**
 * Starts the process of a person's program.
 * @param onPrint Called with every line that the program prints.
 * @throws UsageError when there is no such file, or it does not load.
 */
export async function openProgram(
  order: FileOrder,
  onPrint: (line: string) => void = () => {},
): Promise<ProgramHost> {
  const hosting = await Hosting.start(order, onPrint);
  const { versions, file, knobs } = hosting.ready;
  return {
    name: HOST_NAMES[order.isFresh ? 1 : 0],
    version: Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")
      .slice(0, 200),
    program: programWith(knobs),
    file,
    hosting,
    close: () => hosting.end(),
  };
}
