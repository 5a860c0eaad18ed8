/** The words for a mechanism. */
interface Words {
  /** Its definition; docs/program-mechanisms.md has the same text. */
  definition: string;
  /** The smallest example; docs/program-mechanisms.md has the same text. */
  smallest: string;
  /** The event, as the sentence on a death begins. */
  happened: string;
}

/** Every mechanism by which a program dies, and the words for it. */
export const WORDS = {
  "recurrence-overflow": {
    definition:
      "a place that is executed again and again in the step, each time on what it made before, grows geometrically until it overflows; or a fused recurrent layer overflows",
    smallest: "`h = matmul(h, 4)` for 70 timesteps, from 1",
    happened: "A recurrence overflows",
  },
  "product-overflow": {
    definition:
      "a product, power, sum or difference of finite numbers passes what its type holds, with no growth over timesteps before it",
    smallest: "`1e20 * 1e20`",
    happened: "A product of finite numbers overflows",
  },
  "sum-of-squares-overflow": {
    definition: "a square, or a sum or norm of squares, of finite numbers overflows",
    smallest: "`square(1 - 1e25)`",
    happened: "A square of a finite number, or a sum of such squares, overflows",
  },
  "exp-overflow": {
    definition: "an exponential of a finite number overflows: past 88.7 in float32",
    smallest: "`exp(100)`",
    happened: "An exponential overflows",
  },
  "log-of-zero": {
    definition: "the logarithm of exactly 0 is -Infinity",
    smallest: "`log(0)`",
    happened: "The logarithm of 0 is taken",
  },
  "log-of-negative": {
    definition: "the logarithm of a number below 0 is NaN",
    smallest: "`log(-0.4)`",
    happened: "The logarithm of a negative number is taken",
  },
  "root-of-negative": {
    definition:
      "a root, or a power that is no whole number, of a number below 0, or acos or asin past 1: NaN in the value itself",
    smallest: "`sqrt(-1)`",
    happened: "A root is taken outside of its range",
  },
  "division-by-zero": {
    definition: "a number that is not 0 is divided by exactly 0",
    smallest: "`1 / 0`",
    happened: "A number is divided by 0",
  },
  "reciprocal-overflow": {
    definition:
      "a quotient overflows because the divisor is tiny, though not 0: 1/p, or the gradient of log p",
    smallest: "the gradient of `log(1e-39)`",
    happened: "A quotient overflows, its divisor being tiny",
  },
  "zero-over-zero": {
    definition: "0 is divided by 0, or a mean is taken of nothing",
    smallest: "`sum(0 * w) / sum(0)`",
    happened: "0 is divided by 0",
  },
  "softmax-of-nothing": {
    definition: "a softmax over a row that holds -Infinity only, as one does that is masked altogether",
    smallest: "`softmax([-Infinity, -Infinity])`",
    happened: "A softmax is taken over a row whose every place is -Infinity",
  },
  "root-gradient-at-zero": {
    definition:
      "the gradient of sqrt, norm, a power or acos at the end of its range: the value is finite, its gradient is not",
    smallest: "the gradient of `sqrt(0)`",
    happened: "The gradient of a root is infinite at the end of the root's range",
  },
  "masked-branch": {
    definition:
      "a branch that is not finite, or whose gradient is not, is not selected: its gradient is 0, and 0 times Infinity is NaN",
    smallest: "the gradient of `where(x > 0, log(x), 0)` at x = 0",
    happened: "A branch that is not used makes NaN of its gradient: 0 times Infinity",
  },
  "infinity-minus-infinity": {
    definition: "infinite numbers that the program wrote down itself meet, and their difference is NaN",
    smallest: "`x - max(x)` where x is -Infinity",
    happened: "Infinity is taken from Infinity",
  },
  "half-precision-overflow": {
    definition: "a number passes what float16 holds (65504), and would not have passed float32",
    smallest: "`float16(300) * float16(300)`",
    happened: "A number passes what float16 holds",
  },
  "second-moment-overflow": {
    definition: "the square of a finite gradient overflows in the optimizer's second moment",
    smallest: "Adam with a gradient of 1e25",
    happened: "The square of a gradient overflows in the optimizer's second moment",
  },
  "non-finite-clip-norm": {
    definition: "the norm of finite gradients overflows, and clipping by it makes NaN of them",
    smallest: "clipping a gradient of 1e25 by its norm",
    happened: "The norm that gradients are clipped by overflows, each of them being finite",
  },
  "update-overflow": {
    definition: "a weight, or a slot that is no second moment, overflows in the update",
    smallest: "gradient descent at rate 1e20 with a gradient of 1e20",
    happened: "The update of a weight overflows",
  },
  "non-finite-input": {
    definition:
      "the batch held a number that is not finite, or a constant of the program that is not finite became a result",
    smallest: "a batch with a NaN",
    happened: "A number given to the step is not finite",
  },
  "non-finite-weight": {
    definition: "a weight, a slot or another tensor of the state was not finite before the step",
    smallest: "a weight that is NaN from the start",
    happened: "The state was not finite before the step",
  },
  "unknown-operation": {
    definition:
      "an operation that nanproof does not know, or cannot tell more of, makes a number that is not finite of finite ones",
    smallest: "a kernel of one's own that gives NaN",
    happened: "An operation that is not known makes a number that is not finite",
  },
} as const satisfies Record<string, Words>;

/** The name of a mechanism by which a program dies. */
export type Mechanism = keyof typeof WORDS;
