import { holdBatch, leavesOf, releaseBatch } from "../client/batch.ts";
import { dtypeOf, shapeOf } from "../client/batchFile.ts";
import type { Steps } from "../client/coroutine.ts";
import type { ProgramInvariant } from "../client/invariants.ts";
import type { HostedTraining } from "../client/seam.ts";
import { release } from "../client/tfjs/parts.ts";
import type { HostRecord, Intervention } from "../protocol.ts";
import type { Desk } from "./desk.ts";
import { HostedError } from "./errors.ts";
import { openRun, type Run } from "./run.ts";
import { serve } from "./serve.ts";

/** Times that a program may catch the end of its case and go on. */
const SWALLOWED_LIMIT = 100;

/** Ways for the process to end from within a call of `step`. */
export interface Exits {
  /** The program has swallowed the end of its case too often. */
  swallowed(): never;
  quit(): never;
}

/** One case of a program: its calls of `step` wait here and are served. */
export class Case {
  run: Run | null = null;
  records: HostRecord[] = [];
  private count = 0;
  /** Steps of its own that the program may run before it waits again. */
  private remaining = 0;
  private over = false;
  private swallowed = 0;

  constructor(
    private readonly desk: Desk,
    private readonly asked: { steps: number; intervention?: Intervention | undefined },
    private readonly invariants: readonly ProgramInvariant[],
    private readonly exits: Exits,
  ) {}

  /** Serves a call of `step`. */
  *step(hosted: HostedTraining, batch: readonly unknown[]): Steps<unknown> {
    if (this.over) throw this.ended(hosted);
    const { leaves } = leavesOf(batch);
    const run = this.attach(hosted);
    run.batch = batch;
    if (this.desk.open?.type === "open")
      this.desk.answer({
        state: stateList(hosted),
        batch: leaves.map((leaf) => ({ name: leaf.path, dtype: dtypeOf(leaf), shape: shapeOf(leaf) })),
        framework: "tfjs",
      });
    if (this.remaining === 0) this.answerAdvance(null);
    yield* this.standStill(run, null);
    return yield* this.ownStep(run, batch);
  }

  /** The end of the records that a request for steps gets. */
  answerAdvance(ended: "finished" | "dead" | "error" | null, more: object = {}): void {
    if (this.desk.open?.type !== "advance") return;
    this.desk.answer({ records: this.records, ended, ...more });
    this.records = [];
    this.remaining = 0;
  }

  /** Ends the case: from now on `step` throws. */
  end(): void {
    this.over = true;
  }

  private *ownStep(run: Run, batch: readonly unknown[]): Steps<unknown> {
    this.count++;
    this.remaining--;
    forget(run);
    const before = run.hosted.training.state.take();
    run.last = { before, batch: holdBatch(batch) };
    const { result, record } = yield* run.ownStep(before, batch);
    this.records.push(record);
    const isOver = record.dead !== null || (record.violated?.length ?? 0) > 0;
    const ended = isOver ? "dead" : this.count >= this.asked.steps ? "finished" : null;
    if (ended !== null) {
      this.answerAdvance(ended);
      yield* this.standStill(run, ended);
    }
    // The person may dispose of the batch now.
    run.batch = run.last.batch;
    return result;
  }

  /**
   * Answers requests until the program may run a step.
   * @param ended Why it may not run another one.
   */
  private *standStill(run: Run, ended: "dead" | "finished" | null): Steps<void> {
    while (this.remaining === 0) {
      const request = this.desk.next();
      if (request.type === "advance") {
        if (ended === null) this.remaining = request.steps;
        else this.answerAdvance(ended);
      } else if (request.type === "close") {
        this.end();
        throw this.ended(run.hosted);
      } else if (request.type === "quit") {
        this.exits.quit();
      } else if (request.type === "open")
        this.desk.refuse(new Error("a case is open: close it first"), "protocol");
      else yield* serve(request, run, this.desk);
    }
  }

  private attach(hosted: HostedTraining): Run {
    if (this.run === null)
      this.run = openRun(hosted, this.invariants, () => this.count, this.asked.intervention ?? {});
    else if (this.run.hosted.training !== hosted.training)
      throw new HostedError("unsupported", "the program watches two trainings: watch one, as one step");
    return this.run;
  }

  private ended(hosted: HostedTraining): Error {
    if (this.swallowed++ >= SWALLOWED_LIMIT) this.exits.swallowed();
    return hosted.ended();
  }
}

function forget({ last }: Run): void {
  if (last === null) return;
  release(last.before.values());
  releaseBatch(last.batch);
}

function stateList({ training }: HostedTraining): object[] {
  const now = training.state.take();
  const list = [...now.values()].map(({ name, dtype, shape, role }) => ({ name, dtype, shape, role }));
  release(now.values());
  return list;
}
