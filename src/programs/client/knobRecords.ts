/** A whole number from `min` to `max`. */
export interface IntegerKnob {
  kind: "integer";
  min: number;
  max: number;
  default: number;
}

/** A number from `min` to `max`, each as likely as the other, or each power of ten as likely as the other. */
export interface RealKnob {
  kind: "uniform" | "logUniform";
  min: number;
  max: number;
  default: number;
}

/** One of the values of a choice. */
export type Choice = string | number | boolean;

/** One of a list. */
export interface ChoiceKnob {
  kind: "choice";
  choices: Choice[];
  default: Choice;
}

/** A list of whole numbers: `rows` says how many there can be, `time` what each can be. */
export interface LengthsKnob {
  kind: "lengths";
  rows: [number, number];
  time: [number, number];
  default: number[];
}

/** A knob, which a hunt may vary, as JSON: the same in every language. */
export type KnobRecord = IntegerKnob | RealKnob | ChoiceKnob | LengthsKnob;

/** A knob's value. */
export type KnobValue = Choice | number[];

declare const drawn: unique symbol;

/** A knob whose value is a T. */
export type Knob<T extends KnobValue = KnobValue> = KnobRecord & { readonly [drawn]?: T };

/** The values of knobs by name, as `train` gets them. */
export type ValuesOf<K extends Record<string, Knob>> = {
  [N in keyof K]: K[N] extends Knob<infer T> ? T : never;
};
