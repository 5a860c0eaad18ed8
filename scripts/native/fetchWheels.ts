import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { UsageError } from "../../src/documents/errors.ts";
import { WHEEL_PLATFORMS, WHEEL_PYTHON, type Wheel } from "./releases.ts";

/**
 * Fetches wheels into a folder with pip, which compares their sha256 with ours and leaves alone what is
 * there already. The machine's own Python and its packages are not touched.
 * @returns The wheels' paths.
 * @throws UsageError when pip brings no such wheel, or one of other bytes.
 */
export async function fetchWheels(wheels: readonly Wheel[], folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const requirements = join(folder, "requirements.txt");
  const lines = wheels.map(({ name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}`);
  writeFileSync(requirements, `${lines.join("\n")}\n`);
  const { failed } = await execa(
    "python3",
    [
      ...["-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary=:all:"],
      ...["--disable-pip-version-check", `--python-version=${WHEEL_PYTHON}`],
      ...WHEEL_PLATFORMS.map((platform) => `--platform=${platform}`),
      ...["--requirement", requirements, "--dest", folder],
    ],
    { stdout: 2, stderr: 2, stdin: "ignore", reject: false },
  );
  if (failed) {
    const names = wheels.map(({ name, version }) => `${name} ${version}`).join(", ");
    throw new UsageError(
      "NANPROOF_E_NATIVE",
      `pip did not bring ${names} with the sha256 that is pinned; its own words are above`,
      "see which index pip config list names, and whether the disk is full; then run this again",
    );
  }
  const files = readdirSync(folder);
  return wheels.map(({ name, version }) => {
    const start = `${name.replaceAll("-", "_")}-${version}-`;
    const file = files.find((candidate) => candidate.startsWith(start));
    if (file === undefined) throw new Error(`pip left no ${start}*.whl in ${folder}`);
    return join(folder, file);
  });
}
