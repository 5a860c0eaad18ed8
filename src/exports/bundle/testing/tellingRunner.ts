/** Lines for a runner, before one of its own: they print the numbers after the step. */
const PYTHON = {
  before: "    ends = []\n",
  lines: `    import json
    sums = {"weight": 0.0, "slot": 0.0}
    for part, _, numbers in training.numbers():
        if part in sums:
            sums[part] += float(abs(numbers).sum())
    print(json.dumps({"loss": float(loss), **sums}))
`,
};
const JAVASCRIPT = {
  before: "  const ends = [];\n",
  lines: `  const sums = { loss, weight: 0, slot: 0 };
  for (const [part, , numbers] of training.numbers())
    if (part in sums) for (const number of numbers) sums[part] += Math.abs(number);
  console.log(JSON.stringify(sums));
`,
};

/** A runner that prints one more line, of JSON: the loss, and the sums of the magnitudes of all weights and all slots after it. */
export function tellingRunner(runner: string): string {
  const { before, lines } = runner.includes(PYTHON.before) ? PYTHON : JAVASCRIPT;
  if (!runner.includes(before)) throw new Error(`no ${before}`);
  return runner.replace(before, lines + before);
}
