// Made of assembly/plan.ts and assembly/step.ts by scripts/plan-fields.ts; a test compares it.

/** The fields of one layer in the order of assembly/plan.ts. Every field takes four bytes. */
export const LAYER_FIELDS = [
  "index",
  "inputs",
  "units",
  "inputPanels",
  "unitPanels",
  "activation",
  "weightRows",
  "weightPanel",
  "transposedPanel",
  "input",
  "hiddenPrevious",
  "hidden",
  "gates",
  "cell",
  "cellPrevious",
  "cellActivated",
  "hiddenGradient",
  "inputGradient",
  "hiddenCarry",
  "cellCarry",
  "weights",
  "nextWeights",
  "firstMoment",
  "nextFirstMoment",
  "secondMoment",
  "nextSecondMoment",
  "gradient",
  "transposed",
  "mask",
  "cellMaxima",
  "hiddenMaxima",
  "weightMaxima",
] as const;
/** A field of one layer; all are integers or addresses. */
export type LayerField = (typeof LAYER_FIELDS)[number];

/** The fields of the plan; see {@link LAYER_FIELDS}. */
export const PLAN_FIELDS = [
  "native",
  "layerCount",
  "layers",
  "rows",
  "time",
  "bound",
  "packed",
  "stride",
  "carryStride",
  "active",
  "real",
  "offset",
  "rowOfRank",
  "lengthOfRank",
  "x",
  "y",
  "inputMask",
  "ones",
  "zeros",
  "target",
  "dots",
  "measures",
  "results",
  "axis",
  "normalise",
  "epsilon",
  "masked",
  "l2",
  "forgetBias",
  "cellClip",
  "gradientClip",
  "clip",
  "limit",
  "optimizer",
  "skipNonFinite",
  "finiteWeights",
  "rate",
  "keep1",
  "keep2",
  "take1",
  "take2",
  "correction1",
  "correction2",
  "optimizerEpsilon",
] as const;
/** A field of the plan. */
export type PlanField = (typeof PLAN_FIELDS)[number];

/** Position of each field in the plan. */
export const PLAN_INDEX = Object.fromEntries(PLAN_FIELDS.map((field, i) => [field, i])) as Record<
  PlanField,
  number
>;

/** The plan's fields that are float32; the others are integers or addresses. */
export const FLOAT_FIELDS: ReadonlySet<PlanField> = new Set<PlanField>([
  "epsilon",
  "l2",
  "forgetBias",
  "cellClip",
  "gradientClip",
  "limit",
  "rate",
  "keep1",
  "keep2",
  "take1",
  "take2",
  "correction1",
  "correction2",
  "optimizerEpsilon",
]);

/** Codes of the choices. */
export const CODES = {
  activation: { relu: 0, tanh: 1, sigmoid: 2, linear: 3 },
  normalise: { tensorflow: 0, naive: 1, epsilon: 2, safe: 3 },
  axis: { embedding: 0, time: 1 },
  clip: { none: 0, globalNorm: 1, safeGlobalNorm: 2, value: 3 },
  optimizer: { sgd: 0, tf1: 1, tfjs: 2 },
} as const;

/** Byte offsets of the results, float64 each; `moments` holds four lanes of float32 bits. */
export const RESULTS = {
  cosineDistance: 0,
  regulariser: 8,
  rawSquares: 16,
  appliedSquares: 24,
  weightSquares: 32,
  moments: 40,
  layerSquares: 56,
} as const;
