import { Visitor } from "oxc-parser";
import { readSource, type Source } from "./source.ts";

const EXPLORER = "src/programs/lstm/engines/explorer";

/** The choices of a case that the kernels get: every field of the plan that its run writes by name. */
export interface Choices {
  /** All of them. */
  names: ReadonlySet<string>;
  /** Those that are float32; the others are flags and codes. */
  scalars: ReadonlySet<string>;
  /** Constants that codes are compared with. */
  codes: ReadonlySet<string>;
}

/** Reads from the sources which fields of the plan a case settles; sizes and addresses are not among them. */
export function readChoices(): Choices {
  const names = new Set([
    ...fieldsSet(readSource(`${EXPLORER}/training.ts`)),
    ...fieldsSet(readSource(`${EXPLORER}/optimizerScalars.ts`)),
  ]);
  const { floats, constants } = declarations(readSource(`${EXPLORER}/assembly/plan.ts`));
  return { names, scalars: new Set([...names].filter((name) => floats.has(name))), codes: constants };
}

/** First arguments of all calls of `set`. */
function fieldsSet({ program }: Source): string[] {
  const fields: string[] = [];
  new Visitor({
    CallExpression({ callee, arguments: [field] }) {
      if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
      if (callee.property.name === "set" && field?.type === "Literal" && typeof field.value === "string")
        fields.push(field.value);
    },
  }).visit(program);
  return fields;
}

/** Fields of classes that are f32, and constants that are i32. */
function declarations(source: Source): { floats: Set<string>; constants: Set<string> } {
  const floats = new Set<string>();
  const constants = new Set<string>();
  new Visitor({
    PropertyDefinition({ key, typeAnnotation }) {
      if (key.type === "Identifier" && typeName(source, typeAnnotation) === "f32") floats.add(key.name);
    },
    VariableDeclarator({ id }) {
      if (id.type === "Identifier" && typeName(source, id.typeAnnotation) === "i32") constants.add(id.name);
    },
  }).visit(source.program);
  return { floats, constants };
}

/** Text of a type annotation. */
export function typeName(
  { text }: Source,
  annotation: { typeAnnotation: { start: number; end: number } } | null | undefined,
): string {
  if (!annotation) return "";
  const { start, end } = annotation.typeAnnotation;
  return text.slice(start, end);
}
