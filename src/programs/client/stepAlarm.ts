import { alarmSentence, OverflowAlarm } from "../../warning/alarm.ts";
import type { Observed } from "./observe.ts";
import { largestMagnitude } from "./tfjs/look.ts";
import type { Training } from "./training.ts";

/** Weights are looked at once in so many steps: a pass over all of them is not free. */
const WEIGHTS_EVERY = 10;

const BLIND =
  'nanproof: the early warning sees weights and gradients only; watch.gauge("cell", tensor) within the step shows it the recurrence';

/** The alarm of overflow in a person's own script: it looks at what `watch.gauge` reports, at loss and gradients, and now and then at weights. */
export class StepAlarm {
  readonly #alarm = new OverflowAlarm();
  readonly #training: Training;
  readonly #say: (line: string) => void;
  readonly #keepsSquares: boolean;
  #seesGauges = false;

  /** @param say Told of a beginning, and once of what the alarm does not see. */
  constructor(training: Training, say: (line: string) => void) {
    this.#training = training;
    this.#say = say;
    this.#keepsSquares = /ada|rms/i.test(training.optimizer.getClassName());
  }

  /** Looks at a step that lives. */
  look(step: number, { gauges, gradients, loss }: Observed): void {
    this.#seesGauges ||= Object.keys(gauges).length > 0;
    const squares = gradients.reduce((sum, { sumOfSquares }) => sum + sumOfSquares, 0);
    const begins = this.#alarm.look(step, {
      ...gauges,
      "the loss": loss,
      ...(this.#keepsSquares ? { "the squared gradient": squares } : { "the gradient": Math.sqrt(squares) }),
      ...(step % WEIGHTS_EVERY === 0 && { "max |weight|": this.#largestWeight() }),
    });
    if (step === WEIGHTS_EVERY && !this.#seesGauges) this.#say(BLIND);
    if (begins !== null) this.#say(`nanproof: ${alarmSentence(begins)}`);
  }

  #largestWeight(): number {
    const trained = this.#training.variables.filter(({ trained }) => trained);
    return Math.max(0, ...trained.map(({ variable }) => largestMagnitude(variable)));
  }
}
