import type { StateSource } from "./parts.ts";
import { tensorPart, withTensor } from "./parts.ts";
import type { Variable } from "./types.ts";

/** A variable of a training, under the name that files call it. */
export interface NamedVariable {
  /** Without role: `lstm_LSTM1/kernel`. */
  name: string;
  /** True where the optimizer changes it. */
  trained: boolean;
  variable: Variable;
}

/** The name of a variable in files. */
export function partName({ name, trained }: NamedVariable): string {
  return `${trained ? "weight" : "buffer"}/${name}`;
}

/** Weights, and what is kept beside them and not trained (moving means), as parts of a state. */
export function variableSource(variables: readonly NamedVariable[]): StateSource {
  return {
    take: () =>
      variables.map((named) =>
        tensorPart(partName(named), named.trained ? "weight" : "buffer", named.variable),
      ),
    restore(parts) {
      for (const named of variables) {
        const part = parts.get(partName(named));
        if (part !== undefined) withTensor(part, (tensor) => named.variable.assign(tensor));
      }
    },
    accepts: () => false,
  };
}
