import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { planted, startHost } from "./hostProcess.ts";
import { markedLine } from "./trace.ts";

const SCRIPT = planted("script-log-of-zero.mjs");

function runScript(folder: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe("a person's own script", () => {
  it("dies with a capture, which dies the same way in the host", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nanproof-script-"));
    const { code, stdout, stderr } = await runScript(folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^0 0\.69/);
    expect(stderr).toContain("nanproof: training died at step 2: the loss is Infinity");
    const line = markedLine(SCRIPT, "dies here");
    expect(stderr).toContain(
      `  what       The logarithm of 0 is taken: Log at ${basename(SCRIPT)}:${line}.\n  because    Log of 0 is -Infinity.\n`,
    );
    expect(stderr).toMatch(new RegExp(`  where      .*${basename(SCRIPT)}:${line}\n`));
    const [told = ""] = /^nanproof: [\s\S]*?npx nanproof replay.*$/m.exec(stderr) ?? [];
    expect(told.split("\n").length).toBeLessThanOrEqual(10);
    expect(stderr).toMatch(
      /npx nanproof replay nanproof-findings\/\S+\.json --program \S+script-log-of-zero\.mjs\n/,
    );
    const findings = join(folder, "nanproof-findings");
    const name = readdirSync(findings).find((file) => file.endsWith(".json")) as string;
    const capture = JSON.parse(readFileSync(join(findings, name), "utf8"));
    expect(capture).toMatchObject({ program: { name: "script-log-of-zero.mjs" }, step: 2, flaky: false });
    expect(capture.expected).toMatchObject({
      signature: "forward/log-of-zero/Log",
      site: { mechanism: "log-of-zero", file: SCRIPT, line },
    });

    const host = await startHost(SCRIPT);
    try {
      expect(host.greeting).toMatchObject({ file: capture.program });
      await host.ask("open", { knobs: {}, seed: 1, steps: 20 });
      const files = { state: join(findings, capture.state), batch: join(findings, capture.batch) };
      const { records, digests } = await host.ask("run", { ...files, times: 2 });
      const { dead, loss } = capture.record;
      expect(records).toMatchObject([
        { dead, loss },
        { dead, loss },
      ]);
      expect(new Set(digests as string[]).size).toBe(1);
      const traced = await host.ask("trace", { ...files, out: join(host.folder, "trace") });
      expect(traced).toMatchObject({ ok: true, notes: [] });
      const bytes = readFileSync(join(findings, capture.trace), "utf8");
      expect(readFileSync(join(host.folder, "trace"), "utf8")).toBe(bytes);
    } finally {
      await host.end();
    }
  });
});
