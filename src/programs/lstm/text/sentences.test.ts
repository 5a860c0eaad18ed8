import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isWordLike, lowerCase } from "./characters.ts";
import { sentencesOf } from "./sentences.ts";

const cut = (text: string) => [...sentencesOf(text)].map((words) => words.join("|"));

describe("sentences", () => {
  it("end at . ! ? … with what closes after them", () => {
    expect(cut("One. Two! “Three?” (Four…) 'Five.' Six")).toEqual([
      "one",
      "two",
      "three",
      "four",
      "five",
      "six",
    ]);
  });

  it("go on where a lower-case letter follows or nothing separates", () => {
    expect(cut('"What?" he said. Well... "so" it is! Visit example.com now.')).toEqual([
      "what|he|said",
      "well|so|it|is",
      "visit|example.com|now",
    ]);
  });

  it("are not ended by initials, dotted abbreviations and titles, which keep their full stop", () => {
    expect(cut("Dr. J. S. Bach of the U.S. Army, i.e. Bach. So do I. He left.")).toEqual([
      "dr.|j.|s.|bach|of|the|u.s.|army|i.e.|bach",
      "so|do|i",
      "he|left",
    ]);
    expect(cut("The cat. It is 3.5. We met Ann. Yes.")).toEqual([
      "the|cat",
      "it|is|3.5",
      "we|met|ann",
      "yes",
    ]);
    expect(cut('Ask "Dr". Then')).toEqual(["ask|dr", "then"]);
    expect(cut("Vitamin c. Later. MR. X. Y")).toEqual(["vitamin|c", "later", "mr.|x.|y"]);
  });

  it("end at a blank line, and not at a line break", () => {
    expect(cut("A Title\r\n\r\nFirst\r\nline\n \nlast\fpage")).toEqual([
      "a|title",
      "first|line",
      "last",
      "page",
    ]);
  });

  it("are made of words without punctuation", () => {
    expect(cut("Well-known—don’t you think—red,green 1,000 -- 3.14; co\u00adop \u00ad 'tis @home")).toEqual([
      "well-known|don't|you|think|red|green|1,000|3.14|coop|tis|home",
    ]);
  });

  it("of other scripts are cut by their own marks", () => {
    expect(cut("Это дом. ОН тут!")).toEqual(["это|дом", "он|тут"]);
    expect(cut("मैं हूँ। तुम?")).toEqual(["मैं|हूँ", "तुम"]);
    expect(cut("كيف حالك؟ جيد")).toEqual(["كيف|حالك", "جيد"]);
    expect(cut("我爱你。你呢？カナ")).toEqual(["我|爱|你", "你|呢", "カ|ナ"]);
    expect(cut("한국어 문장. 둘")).toEqual(["한국어|문장", "둘"]);
  });

  it("hold no empty word, no upper case, no white space, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        for (const words of sentencesOf(text)) {
          expect(words.length).toBeGreaterThan(0);
          for (const word of words) {
            expect(word).toMatch(/^\S+$/);
            expect(lowerCase(word)).toBe(word);
            expect(isWordLike(word)).toBe(true);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("come back out as they were written in", () => {
    // Words that are no titles: those all hold a consonant in their first place.
    const word = fc.stringMatching(/^[aeiou][a-z]{1,7}$/).filter((w) => w !== "approx");
    const sentence = fc.array(word, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(sentence), fc.constantFrom(". ", "!\n", '?" ', "\n\n"), (sentences, mark) => {
        const text = sentences
          .map((words) => words.join(" ").replace(/^./, (c) => c.toUpperCase()) + mark)
          .join("");
        expect([...sentencesOf(text)]).toEqual(sentences);
      }),
    );
  });

  it("are read no further than asked", () => {
    const endless = { count: 0 };
    for (const _ of sentencesOf("A b. ".repeat(1_000_000))) if (++endless.count === 3) break;
    expect(endless.count).toBe(3);
  });

  it.each([
    ["one word", "a", 1],
    ["inner full stops", "a.", 1],
    ["characters past 16 bits", "😀", 1],
    ["full stops", ".", 0],
    ["quotes", '." ', 0],
    ["spaced full stops", ". ", 0],
    ["white space", "\n ", 0],
    ["commas", "1,", 1],
  ])("of a million times %s neither overflow the stack nor take long", (_, piece, sentences) => {
    const started = process.cpuUsage();
    expect(cut(piece.repeat(1_000_000))).toHaveLength(sentences);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(5000); // ms of processor time
  });

  it("cut a word of more than 100 characters", () => {
    expect(cut("a".repeat(250))).toEqual([["a".repeat(100), "a".repeat(100), "a".repeat(50)].join("|")]);
  });
});
