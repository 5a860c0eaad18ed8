import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Plan } from "./plan.ts";

/** Builds tfjs_binding.node with node-gyp, against node-api-headers: see common.gypi. */
export async function buildBinding({ folder, packageFolder }: Plan): Promise<void> {
  const nodedir = join(folder, "node-api");
  const headers = join(nodedir, "include", "node");
  mkdirSync(headers, { recursive: true });
  const nodeApi = dirname(fileURLToPath(import.meta.resolve("node-api-headers/package.json")));
  cpSync(join(nodeApi, "include"), headers, { recursive: true });
  cpSync(fileURLToPath(new URL("common.gypi", import.meta.url)), join(headers, "common.gypi"));
  writeFileSync(join(headers, "config.gypi"), "{}\n");
  await execa(
    process.execPath,
    [
      fileURLToPath(import.meta.resolve("node-gyp/bin/node-gyp.js")),
      ...["rebuild", "--silent", `--nodedir=${nodedir}`, `--directory=${packageFolder}`, "--"],
      ...["-Dmodule_name=tfjs_binding", "-Dnapi_build_version=8"],
      `-Dmodule_path=${join(packageFolder, "lib", "napi-v8")}`,
    ],
    { stdout: 2, stderr: 2, stdin: "ignore" },
  );
  rmSync(join(packageFolder, "build"), { recursive: true });
}
