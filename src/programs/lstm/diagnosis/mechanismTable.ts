import type { CapturedStep } from "../cases/capturedStep.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Mechanism } from "./mechanism.ts";
import type { Site } from "./site.ts";

/** The facts that a sentence about a death is made of. */
interface DeathFacts {
  step: CapturedStep;
  death: Diagnosis;
  /** Growth of the cell by a factor a timestep; null where it did not grow. */
  growth: { factor: number } | null;
  /** Growth of the gradient back over the timesteps; null where the mechanism has nothing to do with it, its factor null where it did not grow. */
  backward: { factor: number | null } | null;
  /** A number as a person reads it. */
  short: (value: number) => string;
}

/** All that is said of a mechanism. */
interface MechanismWords {
  /** Its definition in each phase that it comes up in: the rows of docs/mechanisms.md. */
  definitions: Readonly<Partial<Record<Site["phase"], string>>>;
  /** The cause of the death, for a person who looks at it. */
  because: string;
  /** The way it dies, for the sentence of a fixture. */
  dies: (facts: DeathFacts) => string;
}

const at = ({ death: { site } }: DeathFacts) =>
  site === null || site.timestep === null ? "" : ` at timestep ${site.timestep}`;
const inLayer = ({ death: { site } }: DeathFacts) =>
  site === null || site.layer === null ? "" : ` of layer ${site.layer}`;
const grows = ({ growth, short }: DeathFacts) =>
  growth === null ? "the cell grows" : `the cell grows ${short(growth.factor)}x a timestep`;
const lengthOf = ({ step, death }: DeathFacts) => step.batch.lengths[death.site?.row ?? 0] ?? 0;
const backwards = ({ backward, short }: DeathFacts) => {
  if (backward === null) return "";
  if (backward.factor === null) return "with no growth over timesteps before it, ";
  return `the gradient grows ${short(backward.factor)}x a timestep going back, and `;
};
const isTf1 = ({ step: { case: testCase } }: DeathFacts) =>
  testCase.optimizer.kind === "adam" && testCase.optimizer.form === "tf1";

/** Every mechanism in words: what the reporters say, a fixture's sentence, and docs/mechanisms.md come from here. */
export const MECHANISMS: Readonly<Record<Mechanism, MechanismWords>> = {
  "recurrence-overflow": {
    definitions: {
      forward:
        "a state that has grown a thousandfold over the timesteps of a row, or its product with the recurrent weights, passes 3.4e38",
    },
    because: "the cell grew from timestep to timestep until float32 overflowed",
    dies: (facts) => `${grows(facts)} and overflows${at(facts)}`,
  },
  "discarded-step-overflow": {
    definitions: {
      forward:
        "the same in the step of a row that has ended, which is computed beside a longer row and thrown away",
    },
    because:
      "a row that had ended was computed on beside a longer one, and that step, thrown away afterwards, overflowed",
    dies: (facts) =>
      `${grows(facts)} until its row of ${lengthOf(facts)} timesteps ends; computed on${at(facts)} beside the longer row and thrown away, it overflows`,
  },
  "input-overflow": {
    definitions: {
      forward:
        "a product overflows with no growth over timesteps before it: the data, the depth or one weight",
    },
    because: "the product of input and kernel overflowed, with no growth over timesteps before it",
    dies: (facts) =>
      `a product with the kernel${inLayer(facts)} overflows${at(facts)}, with no growth before it`,
  },
  "sum-of-squares-overflow": {
    definitions: {
      normalise: "the sum of an output's squares overflows, each of them finite, and NaN comes of it",
    },
    because: "the sum of squares in the loss's normalisation overflowed",
    dies: (facts) =>
      `${facts.growth ? `${grows(facts)}, and ` : ""}the sum of an output's squares overflows in the loss${at(facts)}`,
  },
  "zero-norm-division": {
    definitions: {
      normalise: "a vector whose squares sum to 0 is divided by its norm (`naive`)",
      backward: "the same in the gradient alone, where the division was kept finite (`epsilon`)",
    },
    because: "the loss divided by the norm of a zero vector",
    dies: (facts) =>
      `${facts.death.site?.phase === "backward" ? "the gradient of the loss divides" : "the loss divides"} by the norm of a zero vector${at(facts)}`,
  },
  "regulariser-overflow": {
    definitions: { normalise: "the sum of squared weights, or the loss that it is added to" },
    because: "the regulariser, or the loss with it, overflowed",
    dies: () => "the sum of squared weights overflows in the regulariser",
  },
  "backward-overflow": {
    definitions: { backward: "a gradient, with a finite forward pass" },
    because: "a gradient overflowed although the forward pass was finite",
    dies: (facts) => `the forward pass is finite, a gradient${inLayer(facts)} overflows${at(facts)}`,
  },
  "non-finite-clip-norm": {
    definitions: {
      clip: "the float32 norm of finite gradients, by which clipping makes NaN of them all",
    },
    because: "the global norm overflowed although every gradient was finite, and clipping by it made NaN",
    dies: () => "every gradient is finite, their global norm overflows, and clipping by it makes NaN",
  },
  "second-moment-overflow": {
    definitions: { update: "the square of a finite gradient in Adam's second moment" },
    because: "the square of a finite gradient overflowed in Adam's second moment",
    dies: (facts) =>
      `${backwards(facts)}a finite gradient's square overflows in Adam's second moment${inLayer(facts)}, ${isTf1(facts) ? "which makes a NaN of its weight one step later" : "which freezes its weight for good"}`,
  },
  "update-overflow": {
    definitions: { update: "a weight or first moment" },
    because: "the update overflowed a weight or first moment",
    dies: (facts) => `the update overflows a weight or moment${inLayer(facts)}`,
  },
  "zero-over-zero": {
    definitions: { update: "a weight whose moments are both 0, with an epsilon of 0" },
    because: "Adam divided a moment of 0 by the root of a moment of 0, with an epsilon of 0",
    dies: (facts) =>
      `a weight${inLayer(facts)} has had no gradient yet, and with an epsilon of 0 its update is 0 / 0`,
  },
  "non-finite-input": {
    definitions: { forward: "an input was given so" },
    because: "an input was not finite",
    dies: (facts) => `an input is ${facts.death.site?.value}${at(facts)}`,
  },
  "non-finite-target": {
    definitions: { normalise: "a target was given so" },
    because: "a target was not finite",
    dies: (facts) => `a target is ${facts.death.site?.value}${at(facts)}`,
  },
  "non-finite-padding": {
    definitions: {
      forward:
        "an input past its row's end was given so, and is computed: beside a longer row, or at the first timestep",
      normalise: "a target past its row's end was given so, and the loss counts padding",
    },
    because: "the data was not finite past the end of a row, where it counts nevertheless",
    dies: ({ death: { site } }) =>
      `${site?.phase === "forward" ? "an input" : "a target"} past the end of its row is ${site?.value} at timestep ${site?.timestep}`,
  },
  "non-finite-weight": {
    definitions: { forward: "a weight was so before the step" },
    because: "a weight was not finite before the step",
    dies: (facts) => `a weight${inLayer(facts)} is ${facts.death.site?.value} before the step`,
  },
};

/** The words of a mechanism; undefined where the name is that of an invariant. */
export function wordsOf(mechanism: string): MechanismWords | undefined {
  return Object.hasOwn(MECHANISMS, mechanism) ? MECHANISMS[mechanism as Mechanism] : undefined;
}
