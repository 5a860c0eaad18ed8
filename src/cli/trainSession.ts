import { SingleBar } from "cli-progress";
import type { DataSource } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { epochBlock } from "../reporters/train.ts";
import type { Training } from "../training/engine.ts";
import type { StepRecord } from "../training/stepRecord.ts";
import type { Trajectory } from "../training/trajectory.ts";
import { print } from "./output.ts";

/** Counts epochs and tells of them while a run goes on. */
export class TrainSession {
  epoch = 1;
  readonly #case: TrainingCase;
  readonly #data: DataSource;
  readonly #quiet: boolean;
  readonly #bar = new SingleBar({
    format: "step {value}/{total}  {bar}  loss {loss}  max |cell| {cell}  {ms} ms a step",
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 5000,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  readonly #start = performance.now();
  #epochStart = performance.now();
  #losses: number[] = [];
  #steps = 0;
  #lastStep = 0;

  constructor(testCase: TrainingCase, data: DataSource, { quiet }: { quiet: boolean }) {
    this.#case = testCase;
    this.#data = data;
    this.#quiet = quiet;
    this.#bar.start(testCase.steps, 0, { loss: "-", cell: "-", ms: "-" });
  }

  get msPerStep(): number {
    return this.#steps === 0 ? 0 : (this.#lastStep - this.#start) / this.#steps;
  }

  onStep(record: StepRecord, training: Training): void {
    const { batchesPerEpoch } = this.#data;
    this.#steps += 1;
    this.#lastStep = performance.now();
    this.epoch = Math.ceil(this.#steps / batchesPerEpoch);
    this.#losses.push(record.loss);
    this.#bar.update(this.#steps, {
      loss: record.loss.toFixed(4),
      cell: Math.max(...record.layers.map((layer) => layer.maxCell)).toExponential(1),
      ms: this.msPerStep.toFixed(0),
    });
    if (this.#steps % batchesPerEpoch === 0 && record.finite.weights)
      this.#endEpoch(this.#validate(training));
  }

  close(trajectory: Trajectory): void {
    this.#bar.stop();
    if (trajectory.status === "failed" && this.#losses.length > 0) {
      this.#losses.push(Number.NaN);
      this.#endEpoch(null);
    }
  }

  #endEpoch(validationLoss: number | null): void {
    const loss = this.#losses.reduce((sum, value) => sum + value, 0) / this.#losses.length;
    const seconds = (performance.now() - this.#epochStart) / 1000;
    const epochs = Math.round(this.#case.steps / this.#data.batchesPerEpoch);
    if (!this.#quiet) print(epochBlock({ epoch: this.epoch, epochs, seconds, loss, validationLoss }));
    this.#losses = [];
    this.#epochStart = performance.now();
  }

  #validate(training: Training): number | null {
    let sum = 0;
    let count = 0;
    for (const batch of this.#data.validation()) {
      sum += training.evaluate(batch);
      count += 1;
    }
    return count === 0 ? null : sum / count;
  }
}
