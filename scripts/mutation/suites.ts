const EXPLORER = "src/programs/lstm/engines/explorer";
const TFJS = "src/programs/lstm/engines/tfjs";

/** The tests of single kernels. */
const KERNELS = `${EXPLORER}/kernels.test.ts`;

/**
 * Test files that can notice a broken explorer, quick ones and those that notice most first. The table of digests is not among
 * them: it says that bits have changed, not that they are wrong.
 */
const OF_EXPLORER = [
  `${EXPLORER}/recordings.test.ts`,
  `${EXPLORER}/optimizer.test.ts`,
  `${EXPLORER}/step.test.ts`,
  `${EXPLORER}/discarded.test.ts`,
  `${EXPLORER}/finiteWeights.test.ts`,
  "src/programs/lstm/engines/skipping.test.ts",
  `${EXPLORER}/planted.test.ts`,
  KERNELS,
  `${EXPLORER}/training.test.ts`,
  `${EXPLORER}/schedule.test.ts`,
  `${EXPLORER}/optimizerScalars.test.ts`,
  `${EXPLORER}/nonFinite.test.ts`,
  "src/programs/lstm/relations/gradientClip.test.ts",
  `${EXPLORER}/agreement.test.ts`,
  `${EXPLORER}/wide.test.ts`,
];
const OF_TFJS = [
  `${TFJS}/ops.test.ts`,
  "src/programs/lstm/relations/relations.test.ts",
  `${TFJS}/optimizer.test.ts`,
  `${TFJS}/network.test.ts`,
  `${TFJS}/recordings.test.ts`,
];
/** The tests of Adam's powers, on both engines. */
const POWERS = "src/programs/lstm/engines/betaPowers.test.ts";
/** The tests of the optimizer and of what leads to it. */
const UPDATE: readonly string[] = [
  `${EXPLORER}/optimizer.test.ts`,
  "src/programs/lstm/engines/skipping.test.ts",
];

/** Test files that come first for a source, because they are about it. */
const FIRST: readonly (readonly [source: RegExp, suites: readonly string[]])[] = [
  [/assembly\/(normalise|activations|measure|gemm)\.ts$/, [KERNELS]],
  [/assembly\/(optimizers|clip|step)\.ts$|explorer\/(training|record)\.ts$/, UPDATE],
  [/optimizerScalars\.ts$|tfjs\/optimizer\.ts$/, [POWERS]],
  [/optimizerScalars\.ts$/, [`${EXPLORER}/optimizerScalars.test.ts`]],
  [/schedule\.ts$/, [`${EXPLORER}/schedule.test.ts`]],
  [
    /tfjs\/(optimizer|state|training)\.ts$/,
    ["src/programs/lstm/engines/skipping.test.ts", `${TFJS}/optimizer.test.ts`],
  ],
];

/** Tests that take long and notice nothing that the others do not; a pattern of their names. */
export const LEFT_OUT = "10,000 differing cases";

/** Test files that are run against a broken source, one after the other until one notices. */
export function suitesOf(file: string): string[] {
  const first = FIRST.flatMap(([source, suites]) => (source.test(file) ? suites : []));
  return [...new Set([...first, ...(file.startsWith(TFJS) ? OF_TFJS : OF_EXPLORER)])];
}

/** All test files that are run against some source. */
export function allSuites(): string[] {
  return [...new Set([KERNELS, POWERS, ...UPDATE, ...OF_EXPLORER, ...OF_TFJS])];
}
