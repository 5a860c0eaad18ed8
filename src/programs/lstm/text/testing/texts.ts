import type { RandomStream } from "../../../../numerics/random.ts";

const WORDS =
  "the of market <unk> said n't 's rates a prices company $ N year shares in to was trading new".split(" ");

/** Text as Penn Treebank's, prepared for language models, has it: a sentence a line, lower-cased, without its full stop. */
export function languageModelData(sentences: number, random: RandomStream): string {
  const sentence = () =>
    Array.from({ length: 10 + random.integer(30) }, () => WORDS[random.integer(WORDS.length)]);
  return Array.from({ length: sentences }, () => ` ${sentence().join(" ")} \n`).join("");
}

/** Written sentences of 8 to 40 words, wrapped at a width. */
export function wrappedProse(sentences: number, width: number, random: RandomStream): string {
  const plain = WORDS.filter((word) => /^[a-z]{2,}$/.test(word));
  const sentence = () => {
    const words = Array.from({ length: 8 + random.integer(32) }, () => plain[random.integer(plain.length)]);
    return `${words.join(" ").replace(/^./, (letter) => letter.toUpperCase())}.`;
  };
  const words = Array.from({ length: sentences }, sentence).join(" ").split(" ");
  const lines = [""];
  for (const word of words) {
    const line = lines.at(-1) ?? "";
    if (line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}
