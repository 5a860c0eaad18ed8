import * as tf from "@tensorflow/tfjs";
import { allFinite, maxAbs, norm } from "../../../../numerics/measure.ts";
import type { StepRecord } from "../../../stepRecord.ts";
import type { Batch } from "../../cases/batch.ts";
import { layersOf } from "../../cases/parameters.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import type { LayerParameters, TrainingState } from "../../cases/state.ts";
import type { TraceGroup } from "../../diagnosis/trace.ts";
import type { Training } from "../engine.ts";
import { type LayerGaugeNames, layerGaugeNames, stepGauges } from "../gauges.ts";
import { type BackendName, useBackend } from "./backend.ts";
import { noTap, type Tap, unroll } from "./network.ts";
import { clipGradients } from "./optimizer.ts";
import { distance, forwardBackward, type Pass, uploadBatch } from "./pass.ts";
import {
  applyUpdate,
  disposeState,
  download,
  inTidy,
  keepState,
  layerTensors,
  read,
  type StateTensors,
  upload,
} from "./state.ts";
import { traceStep } from "./trace.ts";

/** A run on tfjs: one op at a time, gradients by autodiff. */
export class TfjsTraining implements Training {
  readonly #case: TrainingCase;
  readonly #backend: BackendName;
  readonly #gaugeNames: LayerGaugeNames;
  #current: StateTensors;
  #previous: StateTensors;
  #taken = 0;

  constructor(testCase: TrainingCase, state: TrainingState, backend: BackendName) {
    this.#case = testCase;
    this.#backend = backend;
    this.#gaugeNames = layerGaugeNames(testCase.model.layers.length);
    useBackend(backend);
    this.#current = upload(testCase, state);
    this.#previous = this.#current;
  }

  step(batch: Batch): StepRecord {
    useBackend(this.#backend);
    const { optimizer, model } = this.#case;
    const cells: Float32Array[][] = model.layers.map(() => []);
    const hiddens: Float32Array[][] = model.layers.map(() => []);
    const measure: Tap = (name, _t, layer, tensor) => {
      if (name === "cell") cells[layer]?.push(tensor.dataSync() as Float32Array);
      if (name === "hidden") hiddens[layer]?.push(tensor.dataSync() as Float32Array);
      return tensor;
    };
    const before = this.#current;
    const { pass, applied, after, skipped } = inTidy(() => {
      const pass = forwardBackward(this.#case, weightsOf(before), uploadBatch(this.#case, batch), measure);
      const applied = clipGradients(optimizer.clip, pass.gradients);
      const skipped =
        optimizer.skipNonFinite && !allFinite([Float32Array.of(pass.loss), ...read(pass.gradients)]);
      const after = skipped ? before : applyUpdate(this.#case, before, applied);
      return { pass, applied: read(applied), after: keepState(after), skipped };
    });
    const raw = read(pass.gradients);
    for (const g of pass.gradients) g.dispose();
    this.#advance(after);
    return this.#record(pass, raw, applied, cells, hiddens, skipped);
  }

  evaluate(batch: Batch): number {
    useBackend(this.#backend);
    return tf.tidy(() => {
      const tensors = uploadBatch(this.#case, batch);
      return distance(
        this.#case,
        layerTensors(weightsOf(this.#current)),
        tensors,
        noTap,
      ).dataSync()[0] as number;
    });
  }

  outputs(batch: Batch): Float32Array {
    useBackend(this.#backend);
    return tf.tidy(() => {
      const layers = layerTensors(weightsOf(this.#current));
      return unroll(
        this.#case.model,
        layers,
        uploadBatch(this.#case, batch),
        noTap,
      ).dataSync() as Float32Array;
    });
  }

  gradients(batch: Batch): LayerParameters[] {
    useBackend(this.#backend);
    return inTidy(() => {
      const pass = forwardBackward(
        this.#case,
        weightsOf(this.#current),
        uploadBatch(this.#case, batch),
        noTap,
      );
      const clipped = read(clipGradients(this.#case.optimizer.clip, pass.gradients));
      for (const g of pass.gradients) g.dispose();
      return layersOf(clipped);
    });
  }

  state(): TrainingState {
    return download(this.#current);
  }

  previousState(): TrainingState {
    return download(this.#previous);
  }

  trace(batch: Batch): Iterable<TraceGroup> {
    useBackend(this.#backend);
    return traceStep(this.#case, this.#current, batch, () => useBackend(this.#backend));
  }

  dispose(): void {
    useBackend(this.#backend);
    if (this.#previous !== this.#current) disposeState(this.#previous);
    disposeState(this.#current);
  }

  /** Tensors are immutable, so the state before a step is kept by not disposing of it yet. */
  #advance(after: StateTensors): void {
    if (this.#previous !== this.#current) disposeState(this.#previous);
    this.#previous = this.#current;
    this.#current = after;
    this.#taken += 1;
  }

  #record(
    pass: Pass,
    raw: Float32Array[],
    applied: Float32Array[],
    cells: Float32Array[][],
    hiddens: Float32Array[][],
    skipped: boolean,
  ): StepRecord {
    const weights = read(weightsOf(this.#current));
    const moments = read(this.#current.slots.flatMap((slot) => [slot.firstMoment, slot.secondMoment]));
    return {
      step: this.#taken,
      loss: pass.loss,
      gauges: stepGauges(
        {
          cosineDistance: pass.cosineDistance,
          regulariser: pass.regulariser,
          rawGradientNorm: norm(raw),
          appliedGradientNorm: norm(applied),
          weightNorm: norm(weights),
        },
        this.#gaugeNames,
        (l) => ({
          maxCell: maxAbs(cells[l] ?? []),
          maxHidden: maxAbs(hiddens[l] ?? []),
          gradientNorm: norm(raw.slice(2 * l, 2 * l + 2)),
          maxWeight: maxAbs(weights.slice(2 * l, 2 * l + 2)),
        }),
      ),
      finite: {
        loss: Number.isFinite(pass.loss),
        gradients: allFinite(applied),
        rawGradients: allFinite(raw),
        weights: allFinite(weights),
        moments: allFinite(moments),
      },
      skipped,
    };
  }
}

function weightsOf(state: StateTensors): tf.Tensor[] {
  return state.slots.map((slot) => slot.weight);
}
