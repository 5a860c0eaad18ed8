import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { type HostProcess, planted, startHost } from "./hostProcess.ts";
import { markedLine } from "./trace.ts";

const opening = { knobs: {}, seed: 1, steps: 3 };

async function withHost(name: string, use: (host: HostProcess) => Promise<void>): Promise<void> {
  const host = await startHost(planted(name));
  try {
    await use(host);
  } finally {
    await host.end();
  }
}

/** The error that a file or a case of it ends in, and whether the file loads. */
async function errorOf(name: string) {
  const found: { error: unknown; exit?: unknown } = { error: null };
  await withHost(name, async (host) => {
    if (host.greeting.type === "failed") {
      found.error = host.greeting.error;
      return;
    }
    const opened = await host.ask("open", opening);
    if (!opened.ok) {
      found.error = opened.error;
      return;
    }
    found.error = (await host.ask("advance", { steps: 3 })).error;
  });
  return found.error;
}

describe("a file that does not load", () => {
  it.each([
    ["bad-syntax.mjs", "load", /Expected "}"|Unexpected/, true],
    ["bad-import.mjs", "load", /Cannot find package 'no-such-package'/, true],
    ["bad-no-export.mjs", "load", /exports no program and calls no watch.*export default program/, false],
    ["bad-default.mjs", "load", /what is no program.*export default program/, false],
    ["bad-knobs.mjs", "knobs", /knob units is \[1,8\], which is no knob.*integer, uniform/, true],
    ["bad-knob-range.mjs", "knobs", /integer from 8 to 1 is no range/, true],
  ])("says why: %s", async (name, kind, message, hasLine) => {
    const line = hasLine ? markedLine(planted(name), "wrong here") : null;
    const error = await errorOf(name);
    expect(error).toMatchObject({ kind, message: expect.stringMatching(message) });
    if (hasLine) expect(error).toMatchObject({ file: planted(name), line });
  });
});

describe("a case that is lost", () => {
  it.each([
    ["bad-never-watched.mjs", "watch-never-called", /before any step/, false],
    ["bad-batch.mjs", "batch", /step was called with "a", null: no tensor/, true],
    ["bad-disposed.mjs", "batch", /part 0 of the batch is a tensor that has been disposed of/, true],
    ["bad-exit.mjs", "program", /called process\.exit\(0\)/, true],
    ["bad-memory.mjs", "program", /tensors take \d\.\d GiB; a case may take 2\.0/, true],
    ["bad-throws.mjs", "program", /matMul/, true],
    ["bad-waits.mjs", "program", /waits for a promise that nothing resolves/, false],
    ["bad-two-watches.mjs", "unsupported", /watches two trainings/, true],
    ["bad-loss.mjs", "program", /the step gave undefined, which is no loss/, true],
  ])("says why: %s", async (name, kind, message, hasLine) => {
    const error = await errorOf(name);
    expect(error).toMatchObject({ kind, message: expect.stringMatching(message) });
    if (hasLine)
      expect(error).toMatchObject({ file: planted(name), line: markedLine(planted(name), "wrong here") });
  });

  it("leaves the process to the next case, where the program only threw", async () => {
    await withHost("bad-disposed.mjs", async (host) => {
      for (let i = 0; i < 2; i++) {
        expect((await host.ask("open", opening)).ok).toBe(true);
        expect(await host.ask("advance", { steps: 3 })).toMatchObject({
          ok: true,
          ended: "error",
          records: [{ step: 1 }],
        });
        expect((await host.ask("close")).ok).toBe(true);
      }
    });
  });

  it("ends a program that swallows the end of its case a hundred times", async () => {
    await withHost("bad-swallows.mjs", async (host) => {
      await host.ask("open", opening);
      await host.ask("advance", { steps: 1 });
      expect((await host.ask("close")).error).toMatchObject({ kind: "swallowed" });
      if (host.process.exitCode === null) await once(host.process, "exit");
    });
  });

  it("does not outlive its descriptors, even while it computes for ever", async () => {
    const host = await startHost(planted("bad-endless.mjs"));
    await host.ask("open", opening);
    const answered = host.ask("advance", { steps: 2 }).catch(() => "ended");
    // `end` closes descriptor 3 and waits for the process.
    await host.end();
    expect(await answered).toBe("ended");
    expect(host.process.signalCode).toBe("SIGKILL");
  });
});
