import { allFinite } from "../../../../numerics/measure.ts";
import type { StepRecord } from "../../../stepRecord.ts";
import type { Batch } from "../../cases/batch.ts";
import { parameterArrays } from "../../cases/parameters.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import { type LayerShape, layerShapes, targetWidth } from "../../cases/shapes.ts";
import type { LayerParameters, TrainingState } from "../../cases/state.ts";
import type { TraceGroup } from "../../diagnosis/trace.ts";
import type { Training } from "../engine.ts";
import { type LayerGaugeNames, layerGaugeNames } from "../gauges.ts";
import type { Arena } from "./arena.ts";
import type { Pair, ParameterAddresses } from "./arenaLayout.ts";
import { loadBatch } from "./loadBatch.ts";
import {
  type BetaPowers,
  betaPowers,
  nextPowers,
  writeOptimizerConstants,
  writeOptimizerScalars,
} from "./optimizerScalars.ts";
import { packParameters, panelFloats, unpackParameters } from "./parameters.ts";
import { CODES, RESULTS } from "./planFields.ts";
import { readRecord } from "./record.ts";
import { type Schedule, scheduleOf } from "./schedule.ts";
import { traceStep } from "./trace.ts";

/** One of the two copies of the parameters. */
type Side = 0 | 1;

/**
 * A run on the explorer: one call into WebAssembly a step. Weights and moments are held twice; a step
 * reads one copy and writes the other, so the state before it is kept at no cost.
 */
export class ExplorerTraining implements Training {
  readonly #case: TrainingCase;
  readonly #arena: Arena;
  readonly #shapes: LayerShape[];
  readonly #release: () => void;
  readonly #gaugeNames: LayerGaugeNames;
  #side: Side = 0;
  /** True where the other copy holds the state before the last step; else that state is the present one. */
  #moved = false;
  #taken = 0;
  #updates: number;
  #powers: BetaPowers;
  /** Counts the calls that overwrite activations, so that a trace notices one in its midst. */
  #uses = 0;
  #disposed = false;

  /**
   * @param arena An arena of the case's model.
   * @param release Called once, on disposal: the arena may then serve another run.
   */
  constructor(testCase: TrainingCase, state: TrainingState, arena: Arena, release: () => void) {
    this.#case = testCase;
    this.#arena = arena;
    this.#shapes = layerShapes(testCase.model);
    this.#release = release;
    this.#gaugeNames = layerGaugeNames(testCase.model.layers.length);
    this.#updates = state.step;
    this.#powers = betaPowers(testCase.optimizer, state.step);
    this.#writeChoices();
    this.#writeState(state);
    arena.pointAtState();
  }

  step(batch: Batch): StepRecord {
    const { optimizer } = this.#case;
    this.#load(batch);
    const powers = nextPowers(optimizer, this.#powers);
    writeOptimizerScalars(this.#arena, optimizer, powers);
    const skipped = this.#arena.kernels.step(this.#arena.fixed.plan) === 1;
    this.#taken += 1;
    this.#moved = !skipped;
    if (!skipped) {
      this.#updates += 1;
      this.#powers = powers;
      this.#side = this.#side === 0 ? 1 : 0;
    }
    return readRecord(this.#arena, this.#taken, skipped, this.#gaugeNames);
  }

  evaluate(batch: Batch): number {
    this.#load(batch);
    this.#arena.kernels.evaluate(this.#arena.fixed.plan);
    return this.#arena.result(RESULTS.cosineDistance);
  }

  outputs(batch: Batch): Float32Array {
    const schedule = this.#load(batch);
    this.#arena.kernels.evaluate(this.#arena.fixed.plan);
    return this.#readOutputs(schedule);
  }

  gradients(batch: Batch): LayerParameters[] {
    this.#load(batch);
    this.#arena.kernels.gradients(this.#arena.fixed.plan);
    return this.#read(({ gradient }) => gradient);
  }

  state(): TrainingState {
    return this.#readState(this.#side, this.#updates);
  }

  previousState(): TrainingState {
    if (!this.#moved) return this.state();
    return this.#readState(this.#side === 0 ? 1 : 0, this.#updates - 1);
  }

  trace(batch: Batch): Iterable<TraceGroup> {
    const schedule = this.#load(batch, "all");
    const use = this.#uses;
    writeOptimizerScalars(this.#arena, this.#case.optimizer, nextPowers(this.#case.optimizer, this.#powers));
    const enter = () => {
      if (this.#uses !== use || this.#disposed)
        throw new Error(
          "explorer: the run was used while it was being traced: read the trace to its end first",
        );
    };
    const next = this.#side === 0 ? 1 : 0;
    return traceStep({
      testCase: this.#case,
      batch,
      schedule,
      arena: this.#arena,
      side: this.#side,
      next,
      enter,
    });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#release();
  }

  /** Puts a batch into the arena. */
  #load(batch: Batch, discarded: "once" | "all" = "once"): Schedule {
    if (this.#disposed) throw new Error("explorer: the run was disposed of");
    this.#uses += 1;
    const { model } = this.#case;
    const { rows, time, x, y } = batch;
    checkLength("x", x, rows * time * model.inputs);
    checkLength("y", y, rows * time * targetWidth(model));
    const schedule = scheduleOf(batch, model.inputs, discarded);
    loadBatch(this.#arena, batch, schedule);
    return schedule;
  }

  #writeChoices(): void {
    const { model, loss, optimizer } = this.#case;
    const arena = this.#arena;
    arena.set("axis", CODES.axis[loss.axis]);
    arena.set("normalise", CODES.normalise[loss.normalise.kind]);
    arena.set("epsilon", loss.normalise.kind === "epsilon" ? loss.normalise.epsilon : 0);
    arena.set("masked", loss.padding === "masked" ? 1 : 0);
    arena.set("l2", loss.l2);
    arena.set("forgetBias", model.forgetBias);
    arena.set("cellClip", model.cellClip ?? 0);
    arena.set("gradientClip", model.gradientClip ?? 0);
    arena.set("clip", CODES.clip[optimizer.clip.kind]);
    arena.set("limit", optimizer.clip.kind === "none" ? 0 : optimizer.clip.limit);
    arena.set("optimizer", CODES.optimizer[optimizer.kind === "sgd" ? "sgd" : optimizer.form]);
    arena.set("skipNonFinite", optimizer.skipNonFinite ? 1 : 0);
    writeOptimizerConstants(arena, optimizer);
  }

  #writeState(state: TrainingState): void {
    const pack = (values: LayerParameters[], address: (a: ParameterAddresses) => Pair) => {
      values.forEach((layer, l) => {
        const shape = this.#shapes[l];
        const addresses = this.#arena.fixed.parameters[l];
        if (shape && addresses)
          packParameters(shape, layer, this.#arena.view(address(addresses)[0], panelFloats(shape)));
      });
    };
    pack(state.weights, ({ weights }) => weights);
    const finite = allFinite(parameterArrays(state.weights));
    this.#arena.set("finiteWeights", finite ? 1 : 0);
    if (this.#case.optimizer.kind === "sgd") return;
    pack(state.firstMoment, ({ firstMoment }) => firstMoment);
    pack(state.secondMoment, ({ secondMoment }) => secondMoment);
  }

  #read(address: (a: ParameterAddresses) => number): LayerParameters[] {
    return this.#arena.fixed.parameters.flatMap((addresses, l) => {
      const shape = this.#shapes[l];
      return shape ? [unpackParameters(shape, this.#arena.view(address(addresses), panelFloats(shape)))] : [];
    });
  }

  #readState(side: Side, step: number): TrainingState {
    if (this.#disposed) throw new Error("explorer: the run was disposed of");
    const hasMoments = this.#case.optimizer.kind === "adam";
    return {
      step,
      weights: this.#read(({ weights }) => weights[side]),
      firstMoment: hasMoments ? this.#read(({ firstMoment }) => firstMoment[side]) : [],
      secondMoment: hasMoments ? this.#read(({ secondMoment }) => secondMoment[side]) : [],
    };
  }

  /** Hidden of the top layer, [rows, time, units]; 0 past a row's end. */
  #readOutputs({ rows, time, bound, real, offset, rowOfRank }: Schedule): Float32Array {
    const units = targetWidth(this.#case.model);
    const { stride, layers } = this.#arena.batch;
    const hidden = layers.at(-1)?.hidden ?? 0;
    const outputs = new Float32Array(rows * time * units);
    for (let t = 0; t < bound; t++)
      for (let rank = 0; rank < (real[t] ?? 0); rank++) {
        const to = ((rowOfRank[rank] ?? 0) * time + t) * units;
        const from = hidden + 32 * ((offset[t] ?? 0) + rank);
        for (let unit = 0; unit < units; unit++)
          outputs[to + unit] = this.#arena.floats[((from + (unit >> 3) * stride) >> 2) + (unit & 7)] ?? 0;
      }
    return outputs;
  }
}

function checkLength(name: "x" | "y", values: Float32Array, expected: number): void {
  if (values.length !== expected)
    throw new RangeError(
      `explorer: batch.${name} holds ${values.length} numbers where the case asks for ${expected}`,
    );
}
