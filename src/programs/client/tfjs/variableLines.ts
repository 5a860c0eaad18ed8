import { deepError, type Frame } from "../stack.ts";
import { engine } from "./engine.ts";
import { callerOf } from "./places.ts";
import type { Variable } from "./types.ts";

/** Kept on the variable itself, where another copy of nanproof in the process finds it. */
const LINE = Symbol.for("nanproof.line");

/** The line that a variable was made on, where the making was seen. */
export function lineOfVariable(variable: Variable): Frame | null {
  return (variable as { [LINE]?: Frame })[LINE] ?? null;
}

/** Notes the line of every variable that is made from now on: weights are made where a layer is, or joins a model. */
export function noteVariables(): () => void {
  const tf = engine();
  const make = tf.makeVariable;
  tf.makeVariable = function (this: typeof tf, ...given) {
    const variable = make.apply(this, given);
    const line = callerOf(deepError());
    if (line !== null) Object.defineProperty(variable, LINE, { value: line });
    return variable;
  };
  return () => {
    delete (tf as { makeVariable?: unknown }).makeVariable;
  };
}
