import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type EndedExample, type Example, exampleFile, runStep, runToDeath } from "./examples.ts";
import type { HostProcess } from "./hostProcess.ts";

/** Starts the host of a file. */
export type Start = (file: string) => Promise<HostProcess>;

/** The tests of an example: it dies as its table says, and its fixed twin lives. */
export function testExample(example: Example, start: Start): void {
  it(`${example.file} dies of ${example.signature}`, async () => {
    const found = await withHost(start, example.file, (host) => runToDeath(host, example, stepsOf(host)));
    expectDeath(example, found);
    await expectLife(example, start, found);
  });
}

function expectDeath(example: Example, { ended, steps, repeats, diagnosis }: EndedExample): void {
  expect({ ended, steps, repeats }).toEqual({ ended: "dead", steps: example.diesAt, repeats: true });
  expect(diagnosis).toMatchObject({ signature: example.signature, mechanism: example.mechanism });
  expectLine(example, diagnosis?.site);
}

/** That a site is in the example's file, in the line that the table says. */
export function expectLine(
  { file, at }: Example,
  site: { file: string | null; line: number | null } | undefined,
): void {
  expect(site?.file).toBe(exampleFile(file));
  const lines = readFileSync(exampleFile(file), "utf8").split("\n");
  expect(lines[(site?.line ?? 0) - 1]).toContain(at);
}

/** That the fixed twin lives with the same knobs and seed, and with the step itself where that is what was mended. */
async function expectLife(example: Example, start: Start, { files }: EndedExample): Promise<void> {
  await withHost(start, example.fixed, async (host) => {
    expect(await runToDeath(host, example, stepsOf(host))).toMatchObject({
      ended: "finished",
      steps: stepsOf(host),
    });
    await host.ask("close");
    const dead = await runStep(host, example, files);
    if (example.mends === "step") expect(dead).toBe(null);
    else expect(dead).not.toBe(null);
  });
}

function stepsOf({ greeting }: HostProcess): number {
  if (greeting.type !== "ready") throw new Error(JSON.stringify(greeting));
  return greeting.steps;
}

/** Does something with a host, and ends it. */
export async function withHost<T>(
  start: Start,
  name: string,
  use: (host: HostProcess) => Promise<T>,
): Promise<T> {
  const host = await start(exampleFile(name));
  try {
    return await use(host);
  } finally {
    await host.end();
  }
}
