import { describe, expect, it } from "vitest";
import { isFatal } from "../../stepRecord.ts";
import { BACKENDS, LEFT_OUT, openBackends } from "../engines/tfjs/testing/backends.ts";
import { planted } from "../engines/tfjs/testing/planted.ts";
import { adam, examine, saturated } from "../engines/tfjs/testing/plantedCases.ts";
import { opened, steepCase } from "../engines/tfjs/testing/smallCase.ts";
import { readRecording, recordedCase } from "../recordings/recording.ts";

const engines = await openBackends();

it.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("a death planted on tfjs-%s", (backend) => {
  it.each(planted)("by %s is named", (_, testCase, expected, site) => {
    const { record, diagnosis } = examine(engines(backend), testCase);
    expect(isFatal(record)).toBe(true);
    expect(diagnosis).toMatchObject({ ...expected, site });
  });

  it("hidden by a saturated layer leaves the loss finite and the weights dead", () => {
    const { record, diagnosis } = examine(engines(backend), saturated);
    expect(record.finite).toMatchObject({ loss: true, gradients: false, weights: false, moments: false });
    expect(diagnosis?.firstNaN).toMatchObject({
      phase: "backward",
      tensor: "preActivationGradient",
      timestep: 4,
      layer: 0,
    });
  });

  it.each([
    ["finished-row-beside-a-longer-one", "forward/discarded-step-overflow/relu"],
    ["finished-row-beside-an-equal-one", undefined],
  ])("by the discarded step of the recording %s: %s", (name, signature) => {
    const { record, diagnosis } = examine(
      engines(backend),
      recordedCase(readRecording(`fixtures/recordings/${name}.json`)),
    );
    expect(isFatal(record)).toBe(signature !== undefined);
    expect(diagnosis?.signature).toBe(signature);
  });

  it.each(["tf1", "tfjs"] as const)("in Adam's second moment shows one step later: %s", (form) => {
    const { case: testCase, state, batch } = opened(steepCase({ optimizer: { ...adam, form } }));
    const training = engines(backend).start(testCase, state);
    const steps = [training.step(batch), training.step(batch), training.step(batch)];
    const frozen = training.state().weights[0]?.bias;
    training.dispose();
    expect(steps[0]?.finite).toMatchObject({ weights: true, moments: false });
    if (form === "tf1") expect(steps[1]?.finite.weights).toBe(false);
    else {
      expect(steps[2]?.finite).toMatchObject({ weights: true, moments: false });
      // The candidate's bias is the entry whose second moment overflowed.
      expect(frozen?.[1]).toBe(state.weights[0]?.bias[1]);
      expect(frozen?.[0]).not.toBe(0);
    }
  });
});
