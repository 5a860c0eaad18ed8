import type { CapturedStep } from "../cases/capturedStep.ts";
import { compareCases } from "../cases/order.ts";
import type { Engine } from "../training/engine.ts";
import { cutTime } from "./edits/batch.ts";
import { orderedStep, scaleWeights } from "./edits/numbers.ts";
import { Examiner } from "./examiner.ts";
import type { DyingStep, Look } from "./pass.ts";

/**
 * By how much, relative to each, the weights may be off. Another engine's sigmoid and order of sums differ by 1e-7 and
 * some, which a hundred timesteps of growth make 1e-5: a step that dies by less than that dies on one engine alone.
 */
const MARGIN = 2 ** -13;

/** A candidate that is simpler and dies of the same signature. */
interface Accepted {
  standing: DyingStep;
  /** The same without the timesteps after the fatal one. */
  cut: DyingStep;
}

/**
 * Where a shrink stands. While there is `slack`, it stands at a step with all of its timesteps, so that weights can
 * get plainer and the cell grow slower; what counts as found is always that step cut off after its fatal timestep.
 */
export class Search {
  /** The simplest step so far. */
  best: DyingStep;
  /** Steps run for trying candidates; one may be run twice, whole and cut off. */
  candidates = 0;
  /**
   * Steps met on the way that die of something else, the first of each signature. Only while the model still has all
   * of its layers: with other layers on top of it the loss is another program's.
   */
  readonly slips = new Map<string, DyingStep>();
  readonly look: Look;
  readonly #examiner: Examiner;
  readonly #signature: string;
  readonly #start: CapturedStep;
  /** Whether a weight of 0 met an infinite operand before anything was changed. */
  readonly #mayMeetZero: boolean;
  /** Whether the step has a margin before anything is changed; what is left of it must have one then. */
  readonly #asksForMargin: boolean;
  #standing: DyingStep;
  #slack = true;

  /** Starts at a step; null where it does not die, on this engine, of its signature. */
  static from(engine: Engine, { step, death }: DyingStep): Search | null {
    const examiner = new Examiner(engine);
    const verdict = examiner.examine(step);
    if (verdict.kind === "lives" || verdict.death.signature !== death.signature) return null;
    return new Search(examiner, { step, death: verdict.death, metZero: verdict.metZero });
  }

  private constructor(examiner: Examiner, start: DyingStep & { metZero: boolean }) {
    this.#examiner = examiner;
    this.look = (step) => this.#examiner.outputs(step);
    this.#signature = start.death.signature;
    this.#start = start.step;
    this.#mayMeetZero = start.metZero;
    this.#standing = start;
    this.best = this.#cut(this.#standing) ?? this.#standing;
    this.#asksForMargin = this.#hasMargin(this.best.step);
  }

  /** Where the next pass starts from. */
  get standing(): DyingStep {
    return this.#standing;
  }

  /** From here on timesteps after the fatal one go as they appear. */
  endSlack(): void {
    this.#slack = false;
    this.#standing = this.best;
  }

  /** Judges a candidate; stands there from now on where it is accepted. */
  try(candidate: CapturedStep): DyingStep | null {
    const accepted = this.accepts(candidate);
    if (accepted === null) return null;
    this.best = accepted.cut;
    this.#standing = this.#slack ? accepted.standing : accepted.cut;
    return this.#standing;
  }

  /** What accepting a candidate would lead to; null where it is no simpler, lives or dies of something else. */
  accepts(candidate: CapturedStep): Accepted | null {
    if (compareCases(orderedStep(candidate), orderedStep(this.#standing.step)) >= 0) return null;
    const standing = this.#dying(candidate);
    if (standing === null) return null;
    const cut = this.#cut(standing);
    if (cut === null || (this.#asksForMargin && !this.#hasMargin(cut.step))) return null;
    return { standing, cut };
  }

  /** Whether the step dies of the same with its weights a little smaller, and a little larger. */
  #hasMargin(step: CapturedStep): boolean {
    return [1 - MARGIN, 1 + MARGIN].every((factor) => {
      const verdict = this.#examiner.examine(scaleWeights(step, factor));
      return verdict.kind === "dies" && verdict.death.signature === this.#signature;
    });
  }

  #dying(step: CapturedStep): (DyingStep & { metZero: boolean }) | null {
    this.candidates += 1;
    const verdict = this.#examiner.examine(step);
    if (verdict.kind === "lives") return null;
    const { death, metZero } = verdict;
    if (death.signature === this.#signature) return { step, death, metZero };
    const isWhole = step.case.model.layers.length === this.#start.case.model.layers.length;
    const isOwnDoing = metZero && step.state !== this.#start.state;
    if (isWhole && !isOwnDoing && !this.slips.has(death.signature))
      this.slips.set(death.signature, { step, death });
    return null;
  }

  /** The step without the timesteps after its fatal one; null where that, or a weight of 0, changes what it dies of. */
  #cut(whole: DyingStep & { metZero?: boolean }): DyingStep | null {
    const { site } = whole.death;
    const time = site.timestep === null || site.phase !== "forward" ? null : site.timestep + 1;
    const short =
      time === null || time >= whole.step.batch.time ? whole : this.#dying(cutTime(whole.step, time));
    if (short === null || (short.metZero && !this.#mayMeetZero)) return null;
    return { step: short.step, death: short.death };
  }
}
