import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** The beginnings of lines of a result, and the style of each; the first that fits. */
const STYLES: readonly [begins: RegExp, style: Style][] = [
  [/^(?:failed|stale)(?= {2,}\S)/, "red"],
  [/^(?:diverged|died at step \d+|nanproof|disagrees?)(?=[:\s])/, "red"],
  [/^(?:reproduced|completed finite|agrees?)(?=[:\s])/, "green"],
  [/^(?:not judged(?= {2})|warning(?=:)|interrupted\b)/, "yellow"],
  [/^ *npx nanproof .*$/, "cyan"],
];

/** Words that stand out wherever they are in a table. */
const WORDS: readonly [word: RegExp, style: Style][] = [[/(?<= {2})(?:FAILED|STALE)(?= {2}|$)/g, "red"]];

/**
 * The lines of a text with colours where they help to find one's way, if the stream shows any: a terminal does, unless
 * NO_COLOR is set, and what is no terminal only where FORCE_COLOR asks for it.
 */
export function painted(text: string, stream: NodeJS.WriteStream): string {
  if (styleText("red", "x", { stream }) === "x") return text;
  const paint = (style: Style) => (part: string) => styleText(style, part, { stream });
  return text
    .split("\n")
    .map((line) => {
      const [begins, style] = STYLES.find(([pattern]) => pattern.test(line)) ?? [];
      if (begins !== undefined && style !== undefined) return line.replace(begins, paint(style));
      return WORDS.reduce((shown, [word, how]) => shown.replace(word, paint(how)), line);
    })
    .join("\n");
}
