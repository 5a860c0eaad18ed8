/**
 * Names without the numbers that depend on what a process made before. tf.layers calls the first LSTM of a process
 * `lstm_LSTM1` and the next `lstm_LSTM2`, whatever model they are in. Here they count anew in every model.
 */
export function canonicalNames(names: readonly string[]): string[] {
  const numbers = new Map<string, Map<string, number>>();
  const renamed = names.map((name) =>
    name.replace(/([a-z0-9_]+)_([A-Z][A-Za-z0-9]*?)(\d+)(?=$|\/|_\d+$)/g, (all, snake, prefix, number) => {
      if (!snake.endsWith(snakeCase(prefix))) return all;
      const seen = numbers.get(prefix) ?? new Map<string, number>();
      numbers.set(prefix, seen);
      if (!seen.has(number)) seen.set(number, seen.size + 1);
      return `${snake}_${prefix}${seen.get(number)}`;
    }),
  );
  return unique(renamed);
}

/** Names that occur again get `_1`, `_2`, ... behind them. */
function unique(names: readonly string[]): string[] {
  const count = new Map<string, number>();
  return names.map((name) => {
    const before = count.get(name) ?? 0;
    count.set(name, before + 1);
    return before === 0 ? name : `${name}_${before}`;
  });
}

/** As tf.layers makes names of classes: `SimpleRNN` is `simple_rnn`. */
function snakeCase(name: string): string {
  const intermediate = name.replace(/(.)([A-Z][a-z0-9]+)/g, "$1_$2");
  return intermediate.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}
