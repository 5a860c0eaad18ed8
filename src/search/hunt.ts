import { openEngine } from "../engines/open.ts";
import { writeFixture } from "../fixtures/store.ts";
import { guidedStrategy } from "./guided.ts";
import { type Held, replayHeld } from "./held.ts";
import { Keeper, type KeptFailure } from "./keeper.ts";
import { Ledger } from "./ledger.ts";
import { removeLeftovers } from "./leftovers.ts";
import { type HuntProgress, progressPath, readProgress, writeProgress } from "./progressFile.ts";
import { type HuntOptions, type HuntSettings, sameHunt, settingsOf } from "./settings.ts";
import { randomStrategy, type Strategy } from "./strategy.ts";
import { emptyTally, type LostCase, type Tally } from "./tally.ts";
import { type HuntAnswer, type HuntTask, huntAnswerSchema, type WorkerOrders } from "./tasks.ts";
import type { WorkerEnd } from "./workers/end.ts";
import { WorkerPool } from "./workers/pool.ts";
import { huntWorkerScript, type WorkerScript } from "./workers/script.ts";

/** Without a sign of life for this long, a worker counts as hanging. The longest step takes a second or two. */
const HANG_SECONDS = 30;
/** When the time is up, cases under way may still end within this. */
const GRACE_MS = 2000;
/** When it is stopped, whatever is under way may. A death that is not captured by then is with the next hunt. */
const STOP_GRACE_MS = 700;
/** How often at most progress is saved. */
const SAVE_MS = 500;

/** What a hunt tells while it goes on, and what ends it early. */
export interface HuntHooks {
  /** Once, when the folder's fixtures have been replayed: these, and the case to go on from. */
  onStart?: (start: { held: Held; from: number }) => void;
  /** After every case. */
  onCase?: (tally: Tally) => void;
  onLost?: (lost: LostCase) => void;
  /** With the number of deaths that are being captured and made small, whenever it changes. */
  onCaptures?: (underWay: number) => void;
  /** Ends the search; deaths seen by then are still captured. */
  signal?: AbortSignal;
  /** Seconds without a sign of life after which a worker counts as hanging (default 30). */
  hangSeconds?: number;
}

/** What a hunt found. */
export interface HuntReport {
  /** `no-workers`: worker processes would not start. */
  status: "finished" | "interrupted" | "no-workers";
  settings: HuntSettings;
  tally: Tally;
  /** Everything kept, what the folder held before included. */
  failures: KeptFailure[];
  stale: Held["stale"];
  /** The case that it went on from: 0, unless a hunt before it was cut short. */
  from: number;
  /** With a budget of so many cases the same is found again. */
  through: number;
  /** On the clock of performance.now(), when a worker first saw a death; null when none did. */
  firstDeathAt: number | null;
  casesPerSecond: number;
  /** How the last worker ended, where none would start. */
  workerEnd: WorkerEnd | null;
}

/**
 * Generates training runs in a domain, finds those that die, and keeps the first deaths of every
 * signature as fixtures. Replays what the folder holds first, and goes on where a hunt for the same
 * in the same folder was cut short.
 * @throws UsageError when a JSON file in the folder is no fixture, or nothing can be written there.
 */
export async function hunt(options: HuntOptions, hooks: HuntHooks = {}): Promise<HuntReport> {
  return huntWith(huntWorkerScript(), settingsOf(options), hooks);
}

/** {@link hunt} with a worker program of one's own, for tests that plant what goes wrong there. */
export async function huntWith(
  script: WorkerScript,
  settings: HuntSettings,
  hooks: HuntHooks = {},
): Promise<HuntReport> {
  const { budget, out, keep, confirm } = settings;
  const deadline = budget.kind === "time" ? performance.now() + 1000 * budget.seconds : null;
  if (out !== null) removeLeftovers(out);
  const held = await heldIn(settings, hooks.signal);
  const file = out === null ? null : progressPath(out, sameHunt(settings));
  const from = goOnFrom(file, settings);
  hooks.onStart?.({ held, from: from.next });

  const keeper = new Keeper({
    keep,
    confirm,
    held: held.failures,
    write: ({ fixture, binary }) => (out === null ? null : writeFixture(out, fixture, binary)),
  });
  for (const { ref, signature } of from.pending) keeper.offer(ref, signature);
  const strategy = strategyOf(settings, from.strategy);
  let firstDeathAt: number | null = null;
  let saved = performance.now();
  const ledger = new Ledger({
    strategy,
    keeper,
    from,
    cases: budget.kind === "cases" ? budget.cases : null,
    shrink: settings.shrink,
    onDeath: () => {
      firstDeathAt ??= performance.now();
    },
    onCase: () => {
      hooks.onCase?.(ledger.tally);
      if (performance.now() - saved < SAVE_MS) return;
      save();
      saved = performance.now();
    },
    onLost: (lost) => hooks.onLost?.(lost),
    onCaptures: (underWay) => hooks.onCaptures?.(underWay),
  });
  const save = () => {
    if (file === null || !ledger.whole) return;
    const { booked: next, tally } = ledger;
    writeProgress(file, { next, tally, pending: keeper.pending(), strategy: strategy.state() });
  };

  const searchStart = performance.now();
  const before = from.tally.cases;
  const pool = poolOf(script, settings, ledger, hooks);
  const release = stopInTime(pool, ledger, deadline, hooks.signal);
  const end = await pool.run().finally(release);
  const failures = keeper.finish();
  save();
  const seconds = (performance.now() - searchStart) / 1000;
  return {
    status: end.kind === "no-workers" ? end.kind : hooks.signal?.aborted ? "interrupted" : "finished",
    settings,
    tally: ledger.tally,
    failures,
    stale: held.stale,
    from: from.next,
    through: ledger.booked,
    firstDeathAt,
    casesPerSecond: (ledger.tally.cases - before) / seconds,
    workerEnd: end.kind === "no-workers" ? end.end : null,
  };
}

async function heldIn({ out, engine, confirm }: HuntSettings, signal?: AbortSignal): Promise<Held> {
  if (out === null) return { failures: [], stale: [], notReplayed: [] };
  return replayHeld(out, await openEngine(engine), { confirm, signal });
}

/** Where a hunt before this one stopped, if there was one and it left something to do; else the start. */
function goOnFrom(file: string | null, { budget }: HuntSettings): Omit<HuntProgress, "schemaVersion"> {
  const saved = file === null ? null : readProgress(file);
  if (saved !== null && (budget.kind === "time" || saved.next < budget.cases)) return saved;
  return { next: 0, tally: emptyTally(), pending: [], strategy: null };
}

function strategyOf({ strategy, domain, base, seed }: HuntSettings, learned: unknown): Strategy {
  return strategy === "random" ? randomStrategy() : guidedStrategy({ domain, base, seed }, learned);
}

function poolOf(
  script: WorkerScript,
  settings: HuntSettings,
  ledger: Ledger,
  { hangSeconds = HANG_SECONDS }: HuntHooks,
): WorkerPool<HuntTask, HuntAnswer> {
  const { domain, base, fix, seed, engine, confirm, provenance, workers } = settings;
  const open: WorkerOrders = { space: { domain, base, seed }, fix, engine, confirm, provenance };
  const parse = (answer: unknown) => huntAnswerSchema.parse(answer);
  return new WorkerPool({ script, open, workers, parse, hangSeconds }, ledger);
}

/** Stops the search at its deadline or on a signal; returns what releases timers and listeners. */
function stopInTime(
  pool: WorkerPool<HuntTask, HuntAnswer>,
  ledger: Ledger,
  deadline: number | null,
  signal: AbortSignal | undefined,
): () => void {
  const timers: NodeJS.Timeout[] = [];
  const onDeadline = () => {
    ledger.stop("whole");
    timers.push(setTimeout(() => pool.abandon(({ kind }) => kind === "run"), GRACE_MS));
  };
  const onSignal = () => {
    ledger.stop("none");
    timers.push(setTimeout(() => pool.close(), STOP_GRACE_MS));
  };
  if (deadline !== null) timers.push(setTimeout(onDeadline, Math.max(0, deadline - performance.now())));
  if (signal?.aborted) onSignal();
  signal?.addEventListener("abort", onSignal, { once: true });
  return () => {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener("abort", onSignal);
  };
}
