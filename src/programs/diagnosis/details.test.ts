import { describe, expect, it } from "vitest";
import type { Trace } from "../trace/trace.ts";
import { diagnose } from "./diagnose.ts";
import { HandMade, type Made } from "./testing/handMade.ts";

const INF = Number.POSITIVE_INFINITY;
const NAN = Number.NaN;

const diagnosed = (make: (t: HandMade) => Trace) => diagnose(make(new HandMade()));

/** A state that has these magnitudes, one a timestep, and overflows after the last. */
function states(magnitudes: readonly number[]) {
  return diagnosed((t) => {
    const kernel = t.given("weight/kernel", [1]);
    let state = t.given("batch/0", [1]);
    for (const [execution, made] of [...magnitudes, INF].entries())
      state = t.run("aten.mul", [state, kernel], [made], { execution, of: magnitudes.length + 1 });
    return t.trace({ loss: state });
  })?.signature;
}

describe("growth", () => {
  it.each([
    ["rises by one factor", [1, 1e9, 1e18, 1e27, 1e36], "recurrence"],
    ["rises at once, from the first execution on", [1, 1e20], "recurrence"],
    ["rises more slowly than a thousandfold", [1e38, 1.2e38, 1.5e38, 2e38, 2.5e38], "product"],
    ["is level, then one large number", [1, 1, 1, 1e30], "product"],
    ["goes up and down", [1, 1e3, 1e2, 1e3, 1e2, 1e30], "product"],
  ])("that %s", (_, magnitudes, kind) => {
    expect(states(magnitudes)).toBe(`forward/${kind}-overflow/aten.mul`);
  });

  it.each([["the state's first"], ["the input's first"]])(
    "is seen where a line multiplies the state and the input alike, %s",
    (order) => {
      const found = diagnosed((t) => {
        const given = (name: string) => t.given(name, [1]);
        const [kernel, inputKernel] = [given("weight/w"), given("weight/u")];
        let state = given("batch/0");
        const made = [0, 1e9, 1e18, 1e27, 1e36, INF];
        for (const [execution, most] of made.entries()) {
          const about = { execution, of: made.length };
          const ofInput = () => t.run("aten.mm", [given("batch/1"), inputKernel], [2e4], about);
          const early = order === "the input's first" ? ofInput() : null;
          const ofState = t.run("aten.mm", [state, kernel], [most], about);
          state = t.run("aten.add", [ofState, early ?? ofInput()], [most]);
        }
        return t.trace({ loss: state });
      });
      expect(found?.signature).toBe("forward/recurrence-overflow/aten.mm");
    },
  );

  it("is none where the executions do not compute with one another", () => {
    const found = diagnosed((t) => {
      const made = [1, 1e9, 1e18, 1e27, 1e36, INF].map((one, execution) =>
        t.run("aten.exp", [t.given("batch/0", [Math.min(Math.log(one), 100)])], [one], { execution, of: 6 }),
      );
      return t.trace({ loss: t.run("aten.cat", made, [INF]) });
    });
    expect(found?.signature).toBe("forward/exp-overflow/aten.exp");
  });
});

describe("what the step was given", () => {
  const masked = (mask: number[], made: number[]) =>
    diagnosed((t) => {
      const scores = t.run("aten.add", [t.given("weight/w", [1, 2]), t.given("batch/mask", mask)], made);
      return t.trace({ loss: t.run("aten._softmax", [scores], [NAN, NAN], { whole: true }) });
    });

  it("is no bad input where it is a mask of 0 and -Infinity", () => {
    expect(masked([-INF, -INF], [-INF, -INF])?.signature).toBe("forward/softmax-of-nothing/aten._softmax");
  });

  it("is a bad input where it holds NaN", () => {
    const found = masked([-INF, NAN], [-INF, NAN]);
    expect(found?.signature).toBe("forward/non-finite-input/aten.add");
    expect(found?.site).toMatchObject({ tensor: "batch/mask", index: [0] });
  });

  it("is told by the operation that computes with it, not by a view of it", () => {
    const found = diagnosed((t) => {
      const view = t.run("aten.view", [t.given("batch/0", [1, NAN])], [1, NAN]);
      return t.trace({ loss: t.run("aten.mul", [view, t.given("weight/w", [1, 1])], [1, NAN], { line: 5 }) });
    });
    expect(found?.signature).toBe("forward/non-finite-input/aten.mul");
    expect(found?.site).toMatchObject({ line: 5, tensor: "batch/0", index: [1] });
  });

  it("has no index where only a product of matrices read it", () => {
    const found = diagnosed((t) => {
      const inputs = [t.given("batch/0", [1, NAN]), t.given("weight/w", [1, 1])];
      return t.trace({ loss: t.run("aten.mm", inputs, [NAN, NAN], { whole: true }) });
    });
    expect(found?.site).toMatchObject({ tensor: "batch/0", index: null });
  });
});

describe("a bad value of the batch", () => {
  it("is not at fault where the step had overflowed before it read it", () => {
    const found = diagnosed((t) => {
      const made = t.run("aten.exp", [t.given("weight/w", [100])], [INF], { line: 3 });
      return t.trace({ loss: t.run("aten.mul", [made, t.given("batch/0", [NAN])], [NAN], { line: 4 }) });
    });
    expect(found?.signature).toBe("forward/exp-overflow/aten.exp");
    expect(found?.site).toMatchObject({ line: 3 });
  });

  it("is at fault where the step overflowed only after it had read it", () => {
    const found = diagnosed((t) => {
      const read = t.run("aten.mul", [t.given("weight/w", [1]), t.given("batch/0", [NAN])], [NAN], {
        line: 3,
      });
      const made = t.run("aten.exp", [t.given("weight/v", [100])], [INF], { line: 4 });
      return t.trace({ loss: t.run("aten.add", [read, made], [NAN], { line: 5 }) });
    });
    expect(found?.signature).toBe("forward/non-finite-input/aten.mul");
    expect(found?.site).toMatchObject({ line: 3 });
  });

  it("is at fault though an Infinity that the program wrote down was added to a weight before", () => {
    const found = diagnosed((t) => {
      const bias = t.run("aten.full", [], [-INF]);
      const scores = t.run("aten.add", [t.given("weight/w", [1]), bias], [-INF], { line: 3 });
      return t.trace({ loss: t.run("aten.add", [scores, t.given("batch/0", [NAN])], [NAN], { line: 4 }) });
    });
    expect(found?.signature).toBe("forward/non-finite-input/aten.add");
    expect(found?.site).toMatchObject({ line: 4, tensor: "batch/0" });
  });
});

describe("a quotient that overflows", () => {
  const because = (make: (t: HandMade) => Made) => {
    const found = diagnosed((t) => t.trace({ loss: make(t) }));
    expect(found?.mechanism).toBe("reciprocal-overflow");
    return found?.because;
  };

  it("is told with its divisor", () => {
    const quotient = (t: HandMade) =>
      t.run("aten.div", [t.given("weight/w", [1e30]), t.given("batch/0", [1e-20])], [INF]);
    expect(because(quotient)).toContain("divided by 1e-20, overflows");
  });

  it("is told with its divisor where it is added to something", () => {
    const added = (t: HandMade) => {
      const [weight, first, second] = [
        t.given("weight/w", [2]),
        t.given(null, [1e30]),
        t.given(null, [1e-20]),
      ];
      return t.run("aten.addcdiv", [weight, first, second], [INF]);
    };
    expect(because(added)).toMatch(/1e\+30.*divided by 1e-20, overflows/);
  });

  it.each([
    ["its operands are not known", (t: HandMade) => [t.given("weight/w", [1e30]), t.given(null, [1e-20])]],
    [
      "the divisor is a number of the code, which a trace does not list",
      (t: HandMade) => [t.given("weight/w", [1e30])],
    ],
  ])("is told without its divisor where %s", (_, inputs) => {
    const quotient = (t: HandMade) => t.run("aten.div", inputs(t), [INF], { whole: true });
    expect(because(quotient)).toContain("divided by a tiny number, overflows");
  });
});

describe("a layer that normalises", () => {
  it("squares what it is given, and that overflows", () => {
    const found = diagnosed((t) => {
      const layer = t.run("aten.native_layer_norm", [t.given("weight/w", [1e25, 2])], [INF, 0], {
        whole: true,
      });
      return t.trace({ loss: layer });
    });
    expect(found?.signature).toBe("forward/sum-of-squares-overflow/aten.native_layer_norm");
    expect(found?.because).toMatch(/squares .*1e\+25/);
  });
});

describe("an Infinity that the program wrote down", () => {
  it.each([
    ["alone", [0], [NAN]],
    ["behind one that is only passed on", [1, 0], [-INF, NAN]],
  ])("times a mask's 0 is a masked branch of the forward pass, %s", (_, mask, made) => {
    const found = diagnosed((t) => {
      const bias = t.run("aten.mul", [t.given("batch/mask", mask), t.given(null, [-INF])], made);
      return t.trace({ loss: t.run("aten.add", [t.given("weight/w", [1]), bias], made) });
    });
    expect(found?.signature).toBe("forward/masked-branch/aten.mul");
  });

  it("taken from itself is found behind one that is only passed on", () => {
    const found = diagnosed((t) => {
      const scores = t.run("aten.full", [], [-INF, -INF]);
      const least = t.run("aten.masked_fill", [t.given("batch/0", [0, 0])], [0, -INF]);
      return t.trace({ loss: t.run("aten.sub", [scores, least], [-INF, NAN]) });
    });
    expect(found?.signature).toBe("forward/infinity-minus-infinity/aten.sub");
  });
});

describe("the gradient of a root", () => {
  it("is at fault where the root is used, though another is not", () => {
    const found = diagnosed((t) => {
      const x = t.given("weight/w", [0, 0]);
      const chosen = t.given("batch/0", [1, 0], "BOOL");
      const root = t.run("aten.sqrt", [x], [0, 0]);
      const loss = t.run("aten.where", [chosen, root, t.given(null, [0, 0])], [0, 0], { line: 2 });
      t.begin("backward");
      const ones = t.run("aten.ones_like", [loss], [1, 1], { line: 2 });
      const kept = t.run("aten.where", [chosen, ones, t.given(null, [0, 0])], [1, 0], { line: 2 });
      const twice = t.run("aten.mul", [root, t.given(null, [2])], [0, 0]);
      return t.trace({ loss, gradients: { "weight/w": t.run("aten.div", [kept, twice], [INF, NAN]) } });
    });
    expect(found?.signature).toBe("backward/root-gradient-at-zero/aten.div");
  });

  it("is a masked branch where a product with the condition put the 0 there", () => {
    const found = diagnosed((t) => {
      const x = t.given("weight/w", [0]);
      const chosen = t.run("Greater", [x], [0], { dtype: "BOOL" });
      const root = t.run("Sqrt", [x], [0]);
      const loss = t.run("Select", [chosen, root, t.given(null, [0])], [0], { line: 2 });
      t.begin("backward");
      const kept = t.run("Multiply", [t.run("Fill", [], [1], { line: 2 }), chosen], [0], { line: 2 });
      const twice = t.run("Multiply", [root, t.given(null, [2])], [0]);
      return t.trace({ loss, gradients: { "weight/w": t.run("RealDiv", [kept, twice], [NAN]) } });
    });
    expect(found?.signature).toBe("backward/masked-branch/RealDiv");
    expect(found?.because).toMatch(/the branch is not used; 0 is divided by 0\.$/);
  });

  it("that is 0 for another reason is no masked branch", () => {
    const found = diagnosed((t) => {
      const x = t.given("weight/w", [0]);
      const root = t.run("aten.sqrt", [x], [0]);
      const loss = t.run("aten.mul", [root, root], [0], { line: 2 });
      t.begin("backward");
      const up = t.run("aten.mul", [t.run("aten.ones_like", [loss], [1], { line: 2 }), root], [0], {
        line: 2,
      });
      const twice = t.run("aten.mul", [root, t.given(null, [2])], [0]);
      return t.trace({ loss, gradients: { "weight/w": t.run("aten.div", [up, twice], [NAN]) } });
    });
    expect(found?.signature).toBe("backward/root-gradient-at-zero/aten.div");
  });
});

describe("an update", () => {
  it("whose norm of gradients scales the weights alone is no clipping and no second moment", () => {
    const found = diagnosed((t) => {
      const weight = t.given("weight/w", [1]);
      t.begin("backward");
      const gradient = t.run("aten.mul", [weight, t.given("batch/0", [1e25])], [1e25]);
      t.begin("update");
      const norm = t.run("aten.sum", [t.run("aten.square", [gradient], [INF])], [INF]);
      const updated = t.run("aten.mul", [weight, norm], [INF]);
      return t.trace({ gradients: { "weight/w": gradient }, weights: { "weight/w": updated } });
    });
    expect(found?.signature).toBe("update/update-overflow/aten.square");
  });
});

describe("a trace that lists eight inputs of more", () => {
  it("is followed through the rest", () => {
    const found = diagnosed((t) => {
      const parts: Made[] = [...Array(8).keys()].map((n) => t.run("aten.neg", [t.given(null, [n])], [-n]));
      t.run("aten.exp", [t.given("weight/w", [100])], [INF], { line: 3 });
      const loss = t.run("aten.cat", parts, [0, 1, 2, 3, 4, 5, 6, 7, INF], { whole: true });
      return t.trace({ loss });
    });
    expect(found?.signature).toBe("forward/exp-overflow/aten.exp");
  });
});

describe("texts of a trace", () => {
  it("are bounded", () => {
    const long = "x".repeat(10_000);
    const found = diagnosed((t) => {
      const loss = t.run("aten.mul", [t.given(`batch/${long}`, [NAN])], [NAN], { layer: long });
      return t.trace({ loss });
    });
    expect(found?.site.layer?.length).toBeLessThan(600);
    expect(found?.site.tensor?.length).toBeLessThan(600);
    expect(found?.because.length).toBeLessThan(600);
    expect(found?.sentence.length).toBeLessThan(2000);
  });
});

describe("an operation whose output has the id of its input", () => {
  it("is not what made it", () => {
    const t = new HandMade();
    const x = t.given("weight/w", [-1]);
    const chosen = t.run("Greater", [x], [0], { dtype: "BOOL" });
    const logs = t.run("Log", [x], [NAN]);
    const loss = t.run("Select", [chosen, logs, t.given(null, [0])], [0], { line: 2 });
    t.begin("backward");
    const kept = t.run("Multiply", [t.run("Fill", [], [1], { line: 2 }), chosen], [0], { line: 2 });
    const same = t.run("Cast", [logs], [NAN]);
    const gradient = t.run("Multiply", [kept, same], [NAN]);
    const trace = t.trace({ loss, gradients: { "weight/w": gradient } });
    for (const { inputs, outputs } of trace.operations)
      for (const value of [...inputs, ...outputs]) if (value.id === same.id) value.id = logs.id;
    const found = diagnose(trace);
    expect(found?.signature).toBe("backward/masked-branch/Multiply");
    expect(found?.because).toMatch(/the branch is not used; 0 is multiplied with what is not finite\.$/);
  });
});
