import type { DataSource } from "../programs/lstm/cases/batch.ts";
import type { Training } from "../programs/lstm/engines/engine.ts";
import type { StopSignal } from "../programs/run.ts";
import { isFatal, type StepRecord } from "../programs/stepRecord.ts";
import type { EpochReport } from "../reporters/train.ts";
import type { Progress } from "./trainJob.ts";

/** Counts the steps, epochs and milliseconds of a run, and validates at the end of each epoch. */
export class Epochs {
  readonly #data: DataSource;
  readonly #epochs: number;
  readonly #stop: StopSignal;
  #steps = 0;
  #trainingMs = 0;
  #lossSum = 0;
  #lossCount = 0;
  #resumed = performance.now();
  #epochStart = performance.now();

  /** @param stop Ends a validation early. */
  constructor(data: DataSource, epochs: number, stop: StopSignal) {
    this.#data = data;
    this.#epochs = epochs;
    this.#stop = stop;
  }

  /** Takes in a step that has just been taken. */
  add(record: StepRecord): Progress {
    this.#trainingMs += performance.now() - this.#resumed;
    this.#steps += 1;
    this.#lossSum += record.loss;
    this.#lossCount += 1;
    this.#resumed = performance.now();
    return {
      epoch: this.epoch,
      steps: this.#steps,
      record,
      msPerStep: this.msPerStep,
    };
  }

  /** The epoch of the last step; counts from 1. */
  get epoch(): number {
    return Math.max(1, Math.ceil(this.#steps / this.#data.batchesPerEpoch));
  }

  /** Milliseconds a step, validation left out; 0 before the first. */
  get msPerStep(): number {
    return this.#steps === 0 ? 0 : this.#trainingMs / this.#steps;
  }

  /** True where the last step was the last of its epoch. */
  get isComplete(): boolean {
    return this.#steps > 0 && this.#steps % this.#data.batchesPerEpoch === 0;
  }

  /** Closes an epoch that the run lived through. */
  close(training: Training): EpochReport {
    const validationLoss = this.#validate(training);
    return this.#report(this.#lossSum / this.#lossCount, validationLoss);
  }

  /** Closes the epoch that the run died in, whose loss is the last one where that step was finite. */
  closeDead({ record }: { record: StepRecord }): EpochReport {
    return this.#report(isFatal(record) ? Number.NaN : record.loss, null);
  }

  #report(loss: number, validationLoss: number | null): EpochReport {
    const seconds = (performance.now() - this.#epochStart) / 1000;
    this.#lossSum = 0;
    this.#lossCount = 0;
    this.#resumed = performance.now();
    this.#epochStart = performance.now();
    return { epoch: this.epoch, epochs: this.#epochs, seconds, loss, validationLoss };
  }

  #validate(training: Training): number | null {
    let sum = 0;
    let count = 0;
    for (const batch of this.#data.validation()) {
      if (this.#stop.aborted) return null;
      sum += training.evaluate(batch);
      count += 1;
    }
    return count === 0 ? null : sum / count;
  }
}
