import { type Evidence, type Judge, mayBeZero } from "../evidence.ts";

/** 0 divided by 0, or a mean, variance or normalisation of nothing. */
export const zeroOverZero: Judge = (evidence) => {
  const { kind, value, operation, given, fromInfinity } = evidence;
  if (given !== null || !Number.isNaN(value) || fromInfinity) return null;
  switch (kind) {
    case "divide":
      return mayBeZero(evidence, 1) ? divided(evidence, 0) : null;
    case "divideAdd":
      return operation.inputs.some(({ zeros }) => zeros > 0) ? divided(evidence, 1) : null;
    case "mean":
    case "norm":
    case "normalise":
      return { because: `${operation.operation} of numbers that are finite is NaN: it divided 0 by 0.` };
    case "update":
      return operation.inputs.some(({ zeros }) => zeros > 0)
        ? {
            because: `${operation.operation} made NaN of finite numbers: the moments are 0, and so is epsilon.`,
          }
        : null;
    default:
      return null;
  }
};

function divided({ operation, operands }: Evidence, position: number): { because: string } {
  const known = operands[position] === 0;
  return {
    because: known
      ? `${operation.operation} of 0 and 0 is NaN.`
      : `${operation.operation} of finite numbers is NaN, and among the divisors is 0.`,
  };
}
