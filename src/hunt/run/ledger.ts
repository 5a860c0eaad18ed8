import type { CaseRef } from "../../programs/generating.ts";
import type { LedgerEntry } from "../booked.ts";
import type { CaptureResult, Keeper } from "../keep/keeper.ts";
import type { Strategy } from "../plan/strategy.ts";
import { addLost, type LostCase, type Tally, UNEXPLAINED } from "../tally.ts";
import type { HuntAnswer, HuntTask, RanCase } from "./tasks.ts";
import type { TaskOutcome, TaskSource } from "./workers/workers.ts";

/** The start of a ledger, its settings and its callbacks. */
export interface LedgerOptions {
  strategy: Strategy;
  keeper: Keeper;
  /** The point where an interrupted hunt stopped. */
  from: { next: number; tally: Tally };
  /** Cases of the whole hunt, from case 0 on; null for as many as there is time for. */
  cases: number | null;
  /** `whole` where captured deaths are made small. */
  shrink: "whole" | "none";
  /** Called when a worker has seen a death, before the cases ahead of it are in. */
  onDeath: () => void;
  /** Called after every case that was booked with all before it. */
  onCase: () => void;
  /** Called with every case that was booked, before {@link onCase}. */
  onBooked?: (entry: LedgerEntry) => void;
  onLost: (lost: LostCase) => void;
  /** Called with the number of deaths that are being captured and made small, whenever it changes. */
  onCaptures: (underWay: number) => void;
}

/**
 * The book of a hunt: gives out its cases in order and books their outcomes in order, whichever comes
 * in first, so that what is kept and what is learned do not depend on how many workers there are.
 */
export class Ledger implements TaskSource<HuntTask, HuntAnswer> {
  readonly tally: Tally;
  readonly #options: LedgerOptions;
  #next: number;
  #booked: number;
  /** Outcomes of cases whose forerunners are not in yet. */
  readonly #early = new Map<number, { ref: CaseRef; outcome: TaskOutcome<HuntAnswer> }>();
  #stopped = false;
  #shrink: "whole" | "none";
  #captureNoMore = false;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#shrink = options.shrink;
    this.tally = options.from.tally;
    this.#booked = options.from.next;
    this.#next = options.from.next;
  }

  /** Every case below this is booked, and none from it on: a hunt of so many cases has the same result. */
  get booked(): number {
    return this.#booked;
  }

  /**
   * Gives out no more cases.
   * @param captures Deaths seen are made small as asked, captured as they are (`unshrunk`), or left pending (`none`).
   */
  stop(captures: "as-asked" | "unshrunk" | "none"): void {
    this.#stopped = true;
    if (captures === "unshrunk") this.#shrink = "none";
    if (captures === "none") this.#captureNoMore = true;
  }

  next(): HuntTask | null {
    const { keeper, strategy, cases } = this.#options;
    const death = this.#captureNoMore ? null : keeper.nextCapture();
    if (death !== null) {
      this.#options.onCaptures(keeper.underWay);
      return { ...death, kind: "capture", shrink: this.#shrink };
    }
    if (this.#stopped || (cases !== null && this.#next >= cases)) return null;
    const plan = strategy.plan(this.#next);
    return plan && { index: this.#next++, parent: plan.parent, kind: "run", rungs: plan.rungs };
  }

  settle({ index, parent, kind }: HuntTask, outcome: TaskOutcome<HuntAnswer>): void {
    const ref = { index, parent };
    if (kind === "capture") this.#settleCapture(ref, outcome);
    else this.#settleRun(ref, outcome);
  }

  /** Books what is in, up to the first case that is not, or that was given up. */
  #settleRun(ref: CaseRef, outcome: TaskOutcome<HuntAnswer>): void {
    if (ranOf(outcome)?.status === "died") this.#options.onDeath();
    this.#early.set(ref.index, { ref, outcome });
    for (;;) {
      const due = this.#early.get(this.#booked);
      if (due === undefined || due.outcome.kind === "unfinished") return;
      this.#early.delete(this.#booked);
      this.#booked += 1;
      this.#book(due.ref, due.outcome);
    }
  }

  #book(ref: CaseRef, outcome: TaskOutcome<HuntAnswer>): void {
    const ran = ranOf(outcome);
    this.tally.cases += 1;
    if (ref.parent !== null) this.tally.varied = (this.tally.varied ?? 0) + 1;
    const lost: LostCase | null =
      ran === null ? { index: ref.index, during: "run", end: endOf(outcome) } : null;
    if (lost !== null) this.lose(lost);
    if (ran !== null) this.#count(ref, ran);
    this.#options.onBooked?.({ ...ref, ran, lost });
    this.#options.strategy.learn(ref, ran);
    this.#options.onCase();
  }

  #count(ref: CaseRef, { status, steps, work, heat, signature }: RanCase): void {
    const { tally } = this;
    tally.steps += steps;
    tally.work += work;
    if (status === "overdue") tally.overdue += 1;
    if (status !== "died") {
      if (heat > (tally.hottest?.heat ?? Number.NEGATIVE_INFINITY))
        tally.hottest = { index: ref.index, heat };
      return;
    }
    const name = signature ?? UNEXPLAINED;
    const earlier = tally.bySignature[name] ?? 0;
    tally.deaths += 1;
    tally.bySignature[name] = earlier + 1;
    if (signature !== null) this.#options.keeper.offer(ref, signature, earlier);
  }

  #settleCapture({ index }: CaseRef, outcome: TaskOutcome<HuntAnswer>): void {
    const { keeper, onCaptures } = this.#options;
    if (outcome.kind === "unfinished") keeper.postpone(index);
    else keeper.settle(index, captureResultOf(outcome));
    onCaptures(keeper.underWay);
  }

  /** Books a case that was lost. */
  lose(lost: LostCase): void {
    addLost(this.tally, lost);
    this.#options.onLost(lost);
  }
}

function ranOf(outcome: TaskOutcome<HuntAnswer>): RanCase | null {
  return outcome.kind === "answered" && outcome.answer.kind === "ran" ? outcome.answer : null;
}

function captureResultOf(outcome: TaskOutcome<HuntAnswer>): CaptureResult {
  if (outcome.kind !== "answered" || outcome.answer.kind !== "captured")
    return { kind: "lost", end: endOf(outcome) };
  const findings = outcome.answer.findings.map(({ fixture, binary }) => ({
    fixture,
    ...(binary !== undefined && { binary: new Uint8Array(Buffer.from(binary, "base64")) }),
  }));
  return { kind: "findings", findings };
}

/** The end of a case that has no answer of the kind that was asked for. */
function endOf(outcome: TaskOutcome<HuntAnswer>): LostCase["end"] {
  if (outcome.kind === "lost") return outcome.end;
  if (outcome.kind === "answered" && outcome.answer.kind === "failed") return outcome.answer;
  throw new Error(`a case that was ${outcome.kind} is not lost`);
}
