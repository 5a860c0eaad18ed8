import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";

/** The verdict of strict TypeScript on a program, the types of libraries checked too. */
export interface TypeCheck {
  /** Error lines of the compiler. */
  errors: string[];
  exitCode: number | undefined;
  /** Every file that was read for it. */
  files: string[];
}

/** Checks `program.ts` in a folder as a consumer of the package does that is as strict as can be. */
export async function checkStrictly(
  folder: string,
  resolution: "nodenext" | "bundler" = "nodenext",
): Promise<TypeCheck> {
  const compilerOptions = {
    ...{ strict: true, skipLibCheck: false, noEmit: true, types: [], target: "es2022" },
    ...{ module: resolution === "nodenext" ? "nodenext" : "esnext", moduleResolution: resolution },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
  const { stdout, exitCode } = await execa(resolve("node_modules/.bin/tsc"), ["-p", folder, "--listFiles"], {
    reject: false,
  });
  return { errors: stdout.match(/^.*error TS.*$/gm) ?? [], exitCode, files: stdout.split("\n") };
}
