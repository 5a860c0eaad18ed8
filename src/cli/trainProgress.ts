import type { TextReading } from "../programs/lstm/cases/batch.ts";
import { ofLayers } from "../programs/lstm/engines/gauges.ts";
import { epochBlock, type TrainReport } from "../reporters/train.ts";
import type { Progress, TrainEvent } from "../training/trainJob.ts";
import { alarmSentence } from "../warning/alarm.ts";
import { errorLines, note, print } from "./output.ts";
import { ProgressLine } from "./progressLine.ts";

/** Says how a text was cut, then what looks wrong about it. */
const textNotes = ({ taken, warnings }: TextReading) => [
  taken,
  ...warnings.map((warning) => `warning: ${warning}`),
];

/** Shows how a run goes: a progress line on stderr, epochs on stdout. */
export class TrainProgress {
  /** The latest progress of the run; null before its first step. */
  last: Progress | null = null;
  /** True while a death is being captured. */
  capturing = false;
  /** The report of a death that is on disk already, should its capture be given up. */
  kept: TrainReport | null = null;
  /** True once a file could not be written. */
  hasUnwritten = false;
  readonly #line = new ProgressLine();
  readonly #quiet: boolean;
  readonly #preset: string;
  readonly #start = performance.now();
  #total = 0;

  /** @param quiet Leaves stdout to the JSON document. */
  constructor({ preset, quiet }: { preset: string; quiet: boolean }) {
    this.#preset = preset;
    this.#quiet = quiet;
  }

  /** Shows an event of the run. */
  on(event: TrainEvent): void {
    switch (event.kind) {
      case "opened":
        note(`${this.#preset} on ${event.description}; engine ${event.engine}`);
        if (event.text) for (const line of textNotes(event.text)) note(line);
        this.#total = event.steps;
        this.#line.tell({
          head: `step 0/${event.steps}`,
          counted: { what: "steps", done: 0, total: event.steps },
        });
        break;
      case "stepped":
        this.#step(event.progress);
        break;
      case "epoch":
        if (!this.#quiet) print(epochBlock(event.report));
        break;
      case "alarm":
        this.#line.close();
        note(alarmSentence(event.alarmed));
        break;
      case "capturing":
        this.capturing = true;
        this.#step(event.progress);
        this.close();
        note(`step ${event.progress.steps} was fatal; cutting it out ...`);
        break;
      case "kept":
        this.kept = event.report;
        break;
      case "unwritten":
        this.hasUnwritten = true;
        this.#line.close();
        for (const line of errorLines(event.error)) note(line);
        break;
      case "part":
        this.#line.close();
        note(`${event.line} ...`);
        break;
      case "shrinking":
        this.#line.tell({ head: event.line });
    }
  }

  /** Takes the progress line away. */
  close(): void {
    this.#line.close();
  }

  #step(progress: Progress): void {
    this.last = progress;
    const { record, msPerStep, steps } = progress;
    const cell = Math.max(...ofLayers(record, "maxCell")).toExponential(1);
    const pace = msPerStep.toFixed(msPerStep < 10 ? 1 : 0);
    const seconds = Math.floor((performance.now() - this.#start) / 1000);
    this.#line.tell({
      head: `step ${steps}/${this.#total}`,
      tail: `loss ${record.loss.toFixed(4)}  max |cell| ${cell}  ${pace} ms a step  ${seconds} s`,
      counted: { what: "steps", done: steps, total: this.#total },
    });
  }
}
