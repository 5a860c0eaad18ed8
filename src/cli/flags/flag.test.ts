import { describe, expect, it } from "vitest";
import { durationFlag } from "./durationFlag.ts";
import { switchWords, typedFlags, valuesOf, yargsOptions } from "./flag.ts";
import { choiceFlag, listFlag, numberFlag, switchFlag, textFlag } from "./kinds.ts";

const flags = {
  epochs: numberFlag({ description: "times to go over", default: 100, min: 1, integer: true }),
  time: durationFlag({ description: "how long", default: 90 }),
  axis: choiceFlag({ description: "the axis", choices: ["time", "embedding"], defaultWords: "the preset's" }),
  seed: textFlag({ description: "seed", default: "1" }),
  units: listFlag({ description: "units", item: Number, allowed: "numbers" }),
  shrink: switchFlag("make it small", { on: true }),
  json: switchFlag("one document"),
};

describe("a flag's one record", () => {
  it("says its default in --help, which stands nowhere else", () => {
    const options = yargsOptions(flags);
    expect(options.epochs?.describe).toBe("times to go over (default 100)");
    expect(options.time?.describe).toBe("how long (default 90s)");
    expect(options.axis?.describe).toBe("the axis: time, embedding (default the preset's)");
    expect(options.units?.describe).toBe("units");
    expect(options.json).toEqual({ describe: "one document", type: "boolean" });
  });

  it("gives a command its default where it is not given", () => {
    const values = valuesOf(flags, { seed: "7", json: true });
    expect(values).toEqual({
      epochs: 100,
      time: 90,
      axis: undefined,
      seed: "7",
      units: undefined,
      shrink: true,
      json: true,
    });
  });

  it("is typed where its value is not the default, so that what is typed gives the same values", () => {
    const values = { ...valuesOf(flags, {}), time: 30, units: [4, 5], seed: "-1", shrink: false };
    expect(typedFlags(flags, values)).toEqual([..."--time 30s --seed=-1 --units 4,5 --no-shrink".split(" ")]);
    expect(typedFlags(flags, valuesOf(flags, {}))).toEqual([]);
    expect(typedFlags(flags, valuesOf(flags, {}), ["seed"])).toEqual(["--seed", "1"]);
  });

  it("is a switch by what it takes: no list of switches is kept elsewhere", () => {
    expect(switchWords(flags)).toEqual(["--shrink", "--no-shrink", "--json", "--no-json"]);
  });
});
