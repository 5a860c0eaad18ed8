import { readFileSync } from "node:fs";

const ASSEMBLY = "src/programs/lstm/engines/explorer/assembly";

/** Names of the kernels' code constants, by the choice of a case that they encode. */
const CHOICES = {
  activation: ["RELU", "TANH", "SIGMOID", "LINEAR"],
  normalise: ["NORMALISE_TENSORFLOW", "NORMALISE_NAIVE", "NORMALISE_EPSILON", "NORMALISE_SAFE"],
  axis: ["AXIS_EMBEDDING", "AXIS_TIME"],
  clip: ["CLIP_NONE", "CLIP_GLOBAL_NORM", "CLIP_SAFE_GLOBAL_NORM", "CLIP_VALUE"],
  optimizer: ["SGD", "ADAM_TF1", "ADAM_TFJS"],
} as const;

/** The offsets of the results, by their names in step.ts. */
const RESULTS = {
  cosineDistance: "COSINE",
  regulariser: "REGULARISER",
  rawSquares: "RAW_SQUARES",
  appliedSquares: "APPLIED_SQUARES",
  weightSquares: "WEIGHT_SQUARES",
  moments: "MOMENTS",
  layerSquares: "LAYER_SQUARES",
} as const;

/** The source of planFields.ts, read off the kernels' own. */
export function planFieldsSource(): string {
  const plan = readFileSync(`${ASSEMBLY}/plan.ts`, "utf8");
  const step = readFileSync(`${ASSEMBLY}/step.ts`, "utf8");
  const layerFields = fieldsOf(plan, "Layer");
  const planFields = fieldsOf(plan, "Plan");
  const list = (names: readonly string[]) => names.map((name) => `  "${name}",\n`).join("");
  const codes = Object.entries(CHOICES).map(([choice, names]) => {
    const entries = names.map((name) => `${caseName(name)}: ${constant(plan, name)}`);
    return `  ${choice}: { ${entries.join(", ")} },\n`;
  });
  const results = Object.entries(RESULTS).map(([name, source]) => `  ${name}: ${constant(step, source)},\n`);
  return `// Made of assembly/plan.ts and assembly/step.ts by scripts/plan-fields.ts; a test compares it.

/** The fields of one layer in the order of assembly/plan.ts. Every field takes four bytes. */
export const LAYER_FIELDS = [
${list(layerFields.map(({ name }) => name))}] as const;
/** A field of one layer; all are integers or addresses. */
export type LayerField = (typeof LAYER_FIELDS)[number];

/** The fields of the plan; see {@link LAYER_FIELDS}. */
export const PLAN_FIELDS = [
${list(planFields.map(({ name }) => name))}] as const;
/** A field of the plan. */
export type PlanField = (typeof PLAN_FIELDS)[number];

/** Position of each field in the plan. */
export const PLAN_INDEX = Object.fromEntries(PLAN_FIELDS.map((field, i) => [field, i])) as Record<
  PlanField,
  number
>;

/** The plan's fields that are float32; the others are integers or addresses. */
export const FLOAT_FIELDS: ReadonlySet<PlanField> = new Set<PlanField>([
${list(planFields.filter(({ type }) => type === "f32").map(({ name }) => name))}]);

/** Codes of the choices. */
export const CODES = {
${codes.join("")}} as const;

/** Byte offsets of the results, float64 each; \`moments\` holds four lanes of float32 bits. */
export const RESULTS = {
${results.join("")}} as const;
`;
}

/** The fields of a class, in their order. */
function fieldsOf(source: string, name: string): { name: string; type: string }[] {
  const body = new RegExp(`export class ${name} \\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1];
  if (body === undefined) throw new Error(`assembly/plan.ts has no class ${name}`);
  return [...body.matchAll(/^ {2}(\w+): (\w+);/gm)].map(([, field = "", type = ""]) => ({
    name: field,
    type,
  }));
}

function constant(source: string, name: string): number {
  const value = new RegExp(`const ${name}: i32 = (\\d+);`).exec(source)?.[1];
  if (value === undefined) throw new Error(`the kernels have no constant ${name}`);
  return Number(value);
}

/** CLIP_GLOBAL_NORM as globalNorm: without the choice's own word, in the case's spelling. */
function caseName(constantName: string): string {
  const words = constantName.replace(/^(NORMALISE|AXIS|CLIP|ADAM)_/, "").toLowerCase();
  return words.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
