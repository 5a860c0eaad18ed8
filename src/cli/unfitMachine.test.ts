import { resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { MAIN } from "./testing/nanproof.ts";

const fixture = resolve("fixtures/forward-recurrence-overflow-relu-92253bf5a3fc.json");
const isX64Linux = process.platform === "linux" && process.arch === "x64";

const WORDS = /^nanproof: .*engine \S+: .*\n {2}.*--engine tfjs-cpu.* {2}\[NANPROOF_E_\w+\]$/m;

describe.runIf(isX64Linux)("a machine that an engine does not fit", () => {
  it("whose processor has no SIMD for WebAssembly: exit 2, and an engine that works", async () => {
    const replay = (...args: string[]) =>
      execa(process.execPath, ["--no-enable-sse4-1", MAIN, "replay", fixture, ...args], { reject: false });
    const { exitCode, stderr } = await replay();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(WORDS) });
    expect(stderr).toContain("SIMD");
    expect((await replay("--engine", "tfjs-cpu")).exitCode).toBe(0);
  });

  it.each(["explorer", "tfjs-wasm"])(
    "with too few addresses for %s: exit 2, and what to do",
    async (engine) => {
      // Enough for Node, too little for what WebAssembly reserves.
      const command = `ulimit -v 4000000; exec "$@"`;
      const args = [process.execPath, MAIN, "replay", fixture, "--engine", engine];
      const { exitCode, stderr } = await execa("bash", ["-c", command, "bash", ...args], { reject: false });
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(WORDS) });
      expect(stderr).toContain("ulimit -v unlimited");
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );
});
