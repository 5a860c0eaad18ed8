import { SingleBar } from "cli-progress";
import { epochBlock, type TrainReport } from "../reporters/train.ts";
import { ofLayers } from "../training/gauges.ts";
import { note, print } from "./output.ts";
import { ProgressLine } from "./progressLine.ts";
import type { Progress, TrainEvent } from "./trainJob.ts";

/** Shows how a run goes: a bar on stderr, epochs on stdout. */
export class TrainProgress {
  /** Where the run stands; null before its first step. */
  last: Progress | null = null;
  /** Whether a death is being captured. */
  capturing = false;
  /** What to report of a death that is on disk already, should its capture be given up. */
  kept: TrainReport | null = null;
  readonly #line = new ProgressLine();
  readonly #quiet: boolean;
  readonly #preset: string;
  readonly #bar = new SingleBar({
    format:
      "step {value}/{total}  {bar}  loss {loss}  max |cell| {cell}  {ms} ms a step  {duration_formatted}",
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 5000,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    barsize: 20,
  });

  /** @param quiet Leaves stdout to the JSON document. */
  constructor({ preset, quiet }: { preset: string; quiet: boolean }) {
    this.#preset = preset;
    this.#quiet = quiet;
  }

  /** Takes in what the run tells. */
  on(event: TrainEvent): void {
    switch (event.kind) {
      case "opened":
        note(`${this.#preset} on ${event.description}; engine ${event.engine}`);
        this.#bar.start(event.steps, 0, { loss: "-", cell: "-", ms: "-" });
        break;
      case "stepped":
        this.#step(event.progress);
        break;
      case "epoch":
        if (!this.#quiet) print(epochBlock(event.report));
        break;
      case "capturing":
        this.capturing = true;
        this.#step(event.progress);
        this.close();
        note(`step ${event.progress.steps} was fatal; cutting it out ...`);
        break;
      case "kept":
        this.kept = event.report;
        note(`kept in ${event.report.captured?.fixture}; Ctrl-C twice leaves it at that`);
        break;
      case "part":
        this.#line.close();
        note(`${event.line} ...`);
        break;
      case "shrinking":
        this.#line.tell(event.line);
    }
  }

  /** Takes the bar away. */
  close(): void {
    this.#bar.stop();
    this.#line.close();
  }

  #step(progress: Progress): void {
    this.last = progress;
    const { record, msPerStep, steps } = progress;
    const cell = Math.max(...ofLayers(record, "maxCell"));
    this.#bar.update(steps, {
      loss: record.loss.toFixed(4),
      cell: cell.toExponential(1),
      ms: msPerStep < 10 ? msPerStep.toFixed(1) : msPerStep.toFixed(0),
    });
  }
}
