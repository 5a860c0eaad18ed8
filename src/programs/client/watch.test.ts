import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { readSafetensors } from "../../documents/readSafetensors.ts";
import { TrainingDied } from "./endings.ts";
import { watch } from "./watch.ts";

let made = 0;

/** A quadratic loss that turns to NaN when the batch says so. */
function training(optimizer: tf.Optimizer = tf.train.sgd(0.1)) {
  const weight = tf.variable(tf.tensor1d([1, 2]), true, `watched${made++}`);
  const loss = (x: tf.Tensor) => tf.log(weight.mul(x).square()).sum() as tf.Scalar;
  return { weight, optimizer, loss, variables: { weight } };
}

const alive = () => tf.tensor1d([1, 3]);
const deadly = () => tf.tensor1d([1, 0]);

beforeAll(() => tf.setBackend("cpu"));
afterEach(() => vi.restoreAllMocks());

describe("a watched step", () => {
  it("trains as it did, with a loss", () => {
    const [plain, watched] = [training(), training()];
    const step = watch({ variables: watched.variables, optimizer: watched.optimizer, loss: watched.loss });
    for (let i = 0; i < 3; i++) {
      const expected = plain.optimizer
        .minimize(() => plain.loss(alive()), true, [plain.weight])
        ?.dataSync()[0];
      expect(step(alive())).toBe(expected);
    }
    expect(watched.weight.dataSync()).toEqual(plain.weight.dataSync());
  });

  it("gives what the person's step gives, at once or as a promise", async () => {
    const { variables, optimizer, loss } = training();
    const sync = watch({
      variables,
      optimizer,
      step: (x: tf.Tensor) => optimizer.minimize(() => loss(x), true),
    });
    expect((sync(alive()) as tf.Scalar).shape).toEqual([]);
    const later = watch({
      variables,
      optimizer,
      step: async (x: tf.Tensor) => optimizer.minimize(() => loss(x), true)?.dataSync()[0] as number,
    });
    const promise = later(alive());
    expect(promise).toBeInstanceOf(Promise);
    expect(typeof (await promise)).toBe("number");
  });

  it("leaves Math.random and the person's tensors alone", () => {
    const { variables, optimizer, loss } = training();
    const random = Math.random;
    const step = watch({ variables, optimizer, loss });
    const x = alive();
    step(x);
    expect(Math.random).toBe(random);
    expect(x.isDisposed).toBe(false);
  });

  it("holds no more tensors after many steps than after a few", () => {
    const { variables, optimizer, loss } = training(tf.train.adam(0.01));
    const step = watch({ variables, optimizer, loss });
    const x = alive();
    for (let i = 0; i < 3; i++) step(x);
    const { numTensors } = tf.memory();
    for (let i = 0; i < 5; i++) step(x);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it("is refused while another runs", async () => {
    const { variables, optimizer } = training();
    const step = watch({ variables, optimizer, step: async () => 1 });
    const first = step();
    await expect(async () => step()).rejects.toThrow(/step was called again/);
    await first.catch(() => undefined);
  });

  it.each<[string, unknown, RegExp]>([
    ["nothing", null, /^watch\(null\) is nothing that can be watched/],
    ["a number", 3, /^watch\(3\) is nothing that can be watched/],
    ["something else", { model: 1, data: 2 }, /^watch\(\{ model, data \}\) is nothing that can be watched/],
    ["no optimizer", { variables: {}, loss: () => 0 }, /nothing that can be watched/],
    [
      "a list of variables",
      { variables: [], optimizer: tf.train.sgd(1), loss: () => 0 },
      /no variables by name/,
    ],
    [
      "a tensor for a variable",
      { variables: { a: tf.zeros([1]) }, optimizer: tf.train.sgd(1), loss: () => 0 },
      /variable a is a Tensor, which is no tf\.Variable/,
    ],
    [
      "a number for a variable",
      { variables: { a: 3 }, optimizer: tf.train.sgd(1), loss: () => 0 },
      /variable a is 3, which is no tf\.Variable/,
    ],
    [
      "a bare record for a variable",
      { variables: { a: Object.create(null) }, optimizer: tf.train.sgd(1), loss: () => 0 },
      /variable a is a record, which is no tf\.Variable/,
    ],
    [
      "a model that is not compiled",
      tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] }),
      /not compiled/,
    ],
  ])("is not made of %s", (_, target, message) => {
    expect(() => (watch as (target: unknown) => unknown)(target)).toThrow(message);
  });
});

describe("a death in a script of a person's own", () => {
  function folder() {
    return mkdtempSync(join(tmpdir(), "nanproof-watch-"));
  }

  function silence() {
    const written: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    return written;
  }

  it("is captured, told on stderr and thrown", () => {
    const written = silence();
    const findings = folder();
    const { variables, optimizer, loss } = training(tf.train.adam(0.01));
    const step = watch({ variables, optimizer, loss, findings });
    step(alive());
    let died: unknown;
    try {
      step(deadly());
    } catch (error) {
      died = error;
    }
    expect(died).toBeInstanceOf(TrainingDied);
    expect((died as TrainingDied).death).toMatchObject({ step: 2, where: "loss", loss: -Infinity });
    const path = (died as TrainingDied).death.fixture as string;
    const capture = JSON.parse(readFileSync(path, "utf8"));
    expect(capture).toMatchObject({
      kind: "capture",
      knobs: null,
      seed: null,
      step: 2,
      flaky: false,
      why: null,
    });
    expect(capture.expected).toMatchObject({
      signature: "forward/log-of-zero/Log",
      site: { phase: "forward", mechanism: "log-of-zero", index: [1] },
    });
    // Under a runner, with every frame in nanproof itself, no file is a person's.
    expect(capture.program).toEqual({ name: "script", sha256: null });
    expect(readdirSync(findings).sort()).toEqual(
      [capture.batch, path.split("/").at(-1), capture.state, capture.trace].sort(),
    );
    const state = readSafetensors(readFileSync(join(findings, capture.state)));
    expect([...state.tensors.keys()]).toEqual(
      expect.arrayContaining(["weight/weight", "slot/weight/m", "counter/accBeta1"]),
    );
    const batch = readSafetensors(readFileSync(join(findings, capture.batch)));
    expect([...new Float32Array(new Uint8Array(batch.tensors.get("0")?.bytes ?? []).buffer)]).toEqual([1, 0]);
    expect(written.join("")).toMatch(
      /training died at step 2: the loss is -Infinity\n {2}signature {2}forward\/log-of-zero\/Log\n {2}what {7}The logarithm of 0 is taken/,
    );
    expect(written.join("")).toContain(`npx nanproof replay ${path} --program`);
  });

  it("does not end a script that goes on, and is written once", () => {
    silence();
    const findings = folder();
    const { weight, variables, optimizer, loss } = training();
    const step = watch({ variables, optimizer, loss, findings, onDeath: "continue" });
    step(alive());
    step(deadly());
    const afterDeath = [...weight.dataSync()];
    step(alive());
    expect(readdirSync(findings).filter((name) => name.endsWith(".json"))).toHaveLength(1);
    // The step has been run four times, and its effect is that of one.
    expect(afterDeath.some(Number.isNaN)).toBe(true);
  });

  it("of a step that draws unseeded numbers is flaky, and says why", () => {
    silence();
    const draws: number[] = [];
    const findings = folder();
    const { weight, variables, optimizer } = training();
    const step = watch({
      variables,
      optimizer,
      findings,
      onDeath: "continue",
      // Which of the two numbers becomes NaN is drawn.
      loss: () =>
        weight
          .mul(tf.tensor1d(Math.random() < 0.5 ? [Number.NaN, draws.push(0)] : [draws.push(1), Number.NaN]))
          .sum() as tf.Scalar,
    });
    step();
    const [name] = readdirSync(findings).filter((file) => file.endsWith(".json"));
    expect(JSON.parse(readFileSync(join(findings, name as string), "utf8"))).toMatchObject({
      flaky: true,
      why: expect.stringMatching(/died with other bits: the step draws from Math.random/),
    });
  });

  it("of a step with state of its own is flaky, and says so", () => {
    silence();
    const findings = folder();
    const { weight, variables, optimizer } = training();
    let calls = 0;
    const step = watch({
      variables,
      optimizer,
      findings,
      onDeath: "continue",
      loss: () => weight.mul(calls++ === 0 ? Number.NaN : 1).sum() as tf.Scalar,
    });
    step();
    // The runs that lived have left nothing: the weights are those of the step that died.
    expect([...weight.dataSync()]).toEqual([Number.NaN, Number.NaN]);
    const [name] = readdirSync(findings).filter((file) => file.endsWith(".json"));
    expect(JSON.parse(readFileSync(join(findings, name as string), "utf8"))).toMatchObject({
      flaky: true,
      why: expect.stringMatching(/did not die again: the step depends on state that watch was not given/),
    });
  });

  it("is put right by state that watch is given", () => {
    silence();
    const findings = folder();
    const { weight, variables, optimizer } = training();
    let calls = tf.scalar(0);
    const step = watch({
      variables,
      optimizer,
      findings,
      onDeath: "continue",
      state: {
        get: () => ({ calls }),
        set: (tensors: Record<string, unknown>) => {
          calls = (tensors.calls as tf.Scalar).clone();
        },
      },
      loss: () => {
        const bad = calls.dataSync()[0] === 0;
        calls = tf.keep(calls.add(1)) as tf.Scalar;
        return weight.mul(bad ? Number.NaN : 1).sum() as tf.Scalar;
      },
    });
    step();
    const [name] = readdirSync(findings).filter((file) => file.endsWith(".json"));
    expect(JSON.parse(readFileSync(join(findings, name as string), "utf8"))).toMatchObject({ flaky: false });
  });

  it("is one where an invariant of the person's own is broken", () => {
    silence();
    const { variables, optimizer, loss } = training();
    const check = ({ step, gauges }: { step: number; gauges: Record<string, number> }) =>
      step === 2 && gauges.seen === 3 ? "three was seen" : null;
    const watched = watch({
      variables,
      optimizer,
      findings: folder(),
      invariants: [{ name: "no-three", check }],
      loss: (x: tf.Tensor) => {
        watch.gauge("seen", x);
        return loss(x);
      },
    });
    watched(alive());
    expect(() => watched(alive())).toThrow(/step 2 broke no-three: three was seen/);
  });

  it("hides nothing when it cannot be written", () => {
    const written = silence();
    const { variables, optimizer, loss } = training();
    const step = watch({ variables, optimizer, loss, findings: "/dev/null/x" });
    expect(() => step(deadly())).toThrow(TrainingDied);
    expect(written.join("")).toContain("not captured");
  });
});

describe("watch.callback", () => {
  it("watches every batch of a fit", async () => {
    vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: "ones" })],
    });
    model.compile({ optimizer: tf.train.sgd(1e30), loss: "meanSquaredError" });
    const findings = mkdtempSync(join(tmpdir(), "nanproof-watch-"));
    const fit = model.fit(tf.ones([8, 1]), tf.zeros([8, 1]), {
      batchSize: 4,
      epochs: 2,
      verbose: 0,
      callbacks: watch.callback(model, { findings }),
    });
    await expect(fit).rejects.toThrow(/training died at step 2/);
    expect(readdirSync(findings).filter((name) => name.endsWith(".json"))).toHaveLength(1);
  });
});
