import type { OptimizerSpec } from "../programs/lstm/cases/schema.ts";
import { magnitudesOf } from "../programs/lstm/engines/magnitudes.ts";
import type { StopSignal } from "../programs/run.ts";
import { isFatal, type StepRecord } from "../programs/stepRecord.ts";
import { type Alarmed, OverflowAlarm } from "../warning/alarm.ts";
import type { TrainJob } from "./trainJob.ts";

/** The alarm of a training run. It reports its beginnings, and ends the run at the first where it is asked to. */
export class TrainAlarm {
  /** Its message when it ended the run; null where it has not. */
  stoppedBy: Alarmed | null = null;
  readonly #alarm = new OverflowAlarm();
  readonly #stopEarly: boolean;
  readonly #optimizer: OptimizerSpec;
  readonly #onBegin: (alarmed: Alarmed) => void;

  /** @param onBegin Called with the message of every beginning. */
  constructor(
    { stopEarly, testCase }: Pick<TrainJob, "stopEarly" | "testCase">,
    onBegin: (alarmed: Alarmed) => void,
  ) {
    this.#stopEarly = stopEarly;
    this.#optimizer = testCase.optimizer;
    this.#onBegin = onBegin;
  }

  /** Its present message; null while it is silent. */
  get ringing(): Alarmed | null {
    return this.#alarm.ringing;
  }

  /** Looks at a step; of a fatal one there is nothing to warn. */
  look(record: StepRecord): void {
    if (isFatal(record)) return;
    const begins = this.#alarm.look(record.step, magnitudesOf(record, this.#optimizer));
    if (begins === null) return;
    this.#onBegin(begins);
    if (this.#stopEarly) this.stoppedBy ??= begins;
  }

  /** Says stop when the signal does, and when the alarm has ended the run. */
  stopping(signal: StopSignal): StopSignal {
    const isStopped = () => this.stoppedBy !== null;
    return {
      get aborted() {
        return signal.aborted || isStopped();
      },
    };
  }
}
