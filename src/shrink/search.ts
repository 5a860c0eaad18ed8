import type { Diagnosis } from "../programs/death.ts";
import type { DyingStep, StepShrinking } from "../programs/pass.ts";
import type { Host } from "../programs/program.ts";

/** The demands of a search on the steps that it accepts. */
export interface SearchOptions {
  /**
   * True where a step must die of the same with numbers next to its own too, if the step at the start does. Otherwise a
   * step that dies by its last bit is accepted too.
   */
  margin: boolean;
}

/** A candidate that is simpler and dies of the same signature. */
interface Accepted<Step, D extends Diagnosis> {
  whole: DyingStep<Step, D>;
  /** The same without what comes after its death. */
  cut: DyingStep<Step, D>;
}

/** The simplest step so far, and the step that the next pass starts from. */
interface Place<Step, D extends Diagnosis> {
  best: DyingStep<Step, D>;
  current: DyingStep<Step, D>;
}

/**
 * The search of a shrink. While there is slack, it works on a step with all that comes after its death, so that numbers
 * can get plainer and the death come later; its result is always that step cut off after its death.
 */
export class Search<Step, D extends Diagnosis> {
  /** The simplest step so far. */
  best: DyingStep<Step, D>;
  /** Steps run for trying candidates; one may be run twice, whole and cut off. */
  candidates = 0;
  /** Steps met on the way that die of something else, the first of each signature: other bugs. */
  readonly slips = new Map<string, DyingStep<Step, D>>();
  readonly host: Host<unknown, Step, D>;
  readonly #shrinking: StepShrinking<Step, D>;
  readonly #signature: string;
  readonly #start: Step;
  /** True where a number of 0 met an infinite operand before anything was changed. */
  readonly #mayMeetZero: boolean;
  /** True where the step has a margin before anything is changed; every step accepted must have one then. */
  #asksForMargin = false;
  #current: DyingStep<Step, D>;
  #slack = true;
  /** True while candidates are judged by what they seem to die of; {@link confirm} then examines the last one accepted. */
  #presumes = false;
  /** Steps that were accepted for what they seemed to die of, and not examined yet. */
  #presumed: Place<Step, D>[] = [];
  /** The last place of the search whose step was examined. */
  #sure: Place<Step, D>;

  /** Starts at a step; null where it does not die, on this host, of its signature. */
  static async from<Step, D extends Diagnosis>(
    host: Host<unknown, Step, D>,
    { step, death }: DyingStep<Step, D>,
    { margin }: SearchOptions,
  ): Promise<Search<Step, D> | null> {
    const examined = await host.program.examine(host, step);
    if (examined.kind === "lives" || examined.death.signature !== death.signature) return null;
    const search = new Search(host, { step, death: examined.death }, examined.metZero);
    search.best = (await search.#cut(search.#current)) ?? search.#current;
    search.#asksForMargin = margin && (await search.#hasMargin(search.best.step));
    return search;
  }

  private constructor(host: Host<unknown, Step, D>, start: DyingStep<Step, D>, metZero: boolean) {
    this.host = host;
    this.#shrinking = host.program.shrinking;
    this.#signature = start.death.signature;
    this.#start = start.step;
    this.#mayMeetZero = metZero;
    this.#current = start;
    this.best = start;
    this.#sure = { best: start, current: start };
  }

  /** The step that the next pass starts from. */
  get current(): DyingStep<Step, D> {
    return this.#current;
  }

  /** Judges the next candidates by what they seem to die of, where examining each would take long. */
  presume(): void {
    const { program } = this.host;
    this.#presumes = program.seemsToDie !== undefined && program.isSlowToExamine?.(this.host) === true;
    this.#presumed = [];
    this.#sure = { best: this.best, current: this.#current };
  }

  /**
   * Examines the last step accepted since {@link presume}. Where it dies of something else, the search goes back to the last
   * accepted step that still dies of the signature, found by halving.
   * @returns True where it was as it seemed.
   */
  async confirm(): Promise<boolean> {
    const accepted = this.#presumed;
    this.#presumed = [];
    this.#presumes = false;
    const [last] = accepted.slice(-1);
    if (last === undefined) return true;
    let right = -1;
    let wrong = accepted.length;
    for (let at = wrong - 1; wrong - right > 1; at = (right + wrong) >> 1) {
      const { best, current } = accepted[at] as Place<Step, D>;
      const sure = await this.#sureOf(best);
      if (sure === null) wrong = at;
      else {
        right = at;
        this.#sure = { best: sure, current: current.step === best.step ? sure : current };
      }
    }
    this.best = this.#sure.best;
    this.#current = this.#sure.current;
    return right === accepted.length - 1;
  }

  async #sureOf({ step }: DyingStep<Step, D>): Promise<DyingStep<Step, D> | null> {
    const examined = await this.host.program.examine(this.host, step);
    if (examined.kind === "lives" || examined.death.signature !== this.#signature) return null;
    return { step, death: examined.death };
  }

  /** Ends the slack: from here on all that comes after the death is cut off at once. */
  endSlack(): void {
    this.#slack = false;
    this.#current = this.best;
  }

  /** Judges a candidate; where it is accepted, the search goes on from it. */
  async try(candidate: Step): Promise<DyingStep<Step, D> | null> {
    const accepted = await this.accepts(candidate);
    if (accepted === null) return null;
    this.best = accepted.cut;
    this.#current = this.#slack ? accepted.whole : accepted.cut;
    if (this.#presumes) this.#presumed.push({ best: this.best, current: this.#current });
    return this.#current;
  }

  /** The step that accepting a candidate would lead to; null where it is no simpler, lives or dies of something else. */
  async accepts(candidate: Step): Promise<Accepted<Step, D> | null> {
    if (this.#shrinking.compare(candidate, this.#current.step) >= 0) return null;
    const whole = await this.#dying(candidate);
    if (whole === null) return null;
    const cut = await this.#cut(whole);
    if (cut === null || (this.#asksForMargin && !(await this.#hasMargin(cut.step)))) return null;
    return { whole, cut };
  }

  async #hasMargin(step: Step): Promise<boolean> {
    for (const neighbour of this.#shrinking.neighbours(step)) {
      const examined = await this.host.program.examine(this.host, neighbour);
      if (examined.kind === "lives" || examined.death.signature !== this.#signature) return false;
    }
    return true;
  }

  async #dying(step: Step): Promise<(DyingStep<Step, D> & { metZero: boolean }) | null> {
    this.candidates += 1;
    const { death: known } = this.#current;
    if (this.#presumes) {
      const seems = await this.host.program.seemsToDie?.(this.host, step, known);
      return seems === true ? { step, death: known, metZero: false } : null;
    }
    const examined = await this.host.program.examine(this.host, step);
    if (examined.kind === "lives") return null;
    const { death, metZero } = examined;
    if (death.signature === this.#signature) return { step, death, metZero };
    if (!this.slips.has(death.signature) && this.#shrinking.isOtherBug(step, this.#start, metZero))
      this.slips.set(death.signature, { step, death });
    return null;
  }

  /** The step without what comes after its death; null where that, or a number of 0, changes what it dies of. */
  async #cut(whole: DyingStep<Step, D> & { metZero?: boolean }): Promise<DyingStep<Step, D> | null> {
    const rest = this.#shrinking.withoutRest(whole.step, whole.death);
    const short = rest === null ? whole : await this.#dying(rest);
    if (short === null || (short.metZero && !this.#mayMeetZero)) return null;
    return { step: short.step, death: short.death };
  }
}
