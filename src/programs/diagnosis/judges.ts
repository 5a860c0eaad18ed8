import type { Judge } from "./evidence.ts";
import { divisionByZero } from "./mechanisms/divisionByZero.ts";
import { expOverflow } from "./mechanisms/expOverflow.ts";
import { halfPrecisionOverflow } from "./mechanisms/halfPrecisionOverflow.ts";
import { infinityMinusInfinity } from "./mechanisms/infinityMinusInfinity.ts";
import { logOfNegative } from "./mechanisms/logOfNegative.ts";
import { logOfZero } from "./mechanisms/logOfZero.ts";
import { maskedBranch } from "./mechanisms/maskedBranch.ts";
import { nonFiniteClipNorm } from "./mechanisms/nonFiniteClipNorm.ts";
import { nonFiniteInput } from "./mechanisms/nonFiniteInput.ts";
import { nonFiniteWeight } from "./mechanisms/nonFiniteWeight.ts";
import { productOverflow } from "./mechanisms/productOverflow.ts";
import { reciprocalOverflow } from "./mechanisms/reciprocalOverflow.ts";
import { recurrenceOverflow } from "./mechanisms/recurrenceOverflow.ts";
import { rootGradientAtZero } from "./mechanisms/rootGradientAtZero.ts";
import { rootOfNegative } from "./mechanisms/rootOfNegative.ts";
import { secondMomentOverflow } from "./mechanisms/secondMomentOverflow.ts";
import { softmaxOfNothing } from "./mechanisms/softmaxOfNothing.ts";
import { sumOfSquaresOverflow } from "./mechanisms/sumOfSquaresOverflow.ts";
import { unknownOperation } from "./mechanisms/unknownOperation.ts";
import { updateOverflow } from "./mechanisms/updateOverflow.ts";
import { zeroOverZero } from "./mechanisms/zeroOverZero.ts";
import type { Mechanism } from "./words.ts";

/**
 * The mechanisms in the order that they are asked in; the first that applies names the death. What was given comes first, then
 * gradients of finite values, then NaN and poles, then overflows: of those the ones that say more about why.
 */
export const JUDGES: readonly (readonly [Mechanism, Judge])[] = [
  ["non-finite-input", nonFiniteInput],
  ["non-finite-weight", nonFiniteWeight],
  ["masked-branch", maskedBranch],
  ["root-gradient-at-zero", rootGradientAtZero],
  ["softmax-of-nothing", softmaxOfNothing],
  ["log-of-zero", logOfZero],
  ["log-of-negative", logOfNegative],
  ["root-of-negative", rootOfNegative],
  ["zero-over-zero", zeroOverZero],
  ["division-by-zero", divisionByZero],
  ["infinity-minus-infinity", infinityMinusInfinity],
  ["recurrence-overflow", recurrenceOverflow],
  ["non-finite-clip-norm", nonFiniteClipNorm],
  ["second-moment-overflow", secondMomentOverflow],
  ["half-precision-overflow", halfPrecisionOverflow],
  ["update-overflow", updateOverflow],
  ["reciprocal-overflow", reciprocalOverflow],
  ["exp-overflow", expOverflow],
  ["sum-of-squares-overflow", sumOfSquaresOverflow],
  ["product-overflow", productOverflow],
  ["unknown-operation", unknownOperation],
];
