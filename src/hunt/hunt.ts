import { askedInvariants } from "../invariants/asked.ts";
import type { Host } from "../programs/program.ts";
import { openHost } from "../programs/registry.ts";
import { Keeper, type KeeperOptions, type KeptFailure } from "./keep/keeper.ts";
import { guidedStrategy } from "./plan/guided.ts";
import { randomStrategy, type Strategy } from "./plan/strategy.ts";
import type { Held } from "./resume/held.ts";
import { HuntFolder } from "./resume/huntFolder.ts";
import type { HuntProgress } from "./resume/progressFile.ts";
import { Ledger } from "./run/ledger.ts";
import { type HuntAnswer, type HuntTask, huntAnswerSchema, type WorkerOrders } from "./run/tasks.ts";
import type { WorkerEnd } from "./run/workers/end.ts";
import { WorkerPool } from "./run/workers/pool.ts";
import { huntWorkerScript, type WorkerScript } from "./run/workers/script.ts";
import type { HuntSettings } from "./settings.ts";
import type { LostCase, Tally } from "./tally.ts";

/** Without a sign of life for this long, a worker counts as hanging. The longest step takes a second or two. */
const HANG_SECONDS = 30;
/** When the time is up, cases under way may still end within this. */
const GRACE_MS = 2000;
/** How long an interrupted hunt that nobody can go on from captures the deaths that it has seen. */
const LAST_CAPTURES_MS = 1200;

/** What a hunt tells while it goes on, and what ends it early. */
export interface HuntHooks {
  /** Once, when the folder's fixtures have been replayed: these, and the case to go on from. */
  onStart?: (start: { held: Held; from: number }) => void;
  /** After every case. */
  onCase?: (tally: Tally) => void;
  onLost?: (lost: LostCase) => void;
  /** With the number of deaths that are being captured and made small, whenever it changes. */
  onCaptures?: (underWay: number) => void;
  /** Ends the hunt at once; deaths that are still being made small then are left to the hunt that goes on from there. */
  signal?: AbortSignal;
  /** Writes what came of a death as soon as there is something, and returns where; by default into `out`, if that is a folder. */
  write?: KeeperOptions["write"];
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
  /** Deaths that were seen and that nothing has come of yet: the same hunt, started again, goes on with them. */
  pending: number;
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
export async function hunt(settings: HuntSettings, hooks: HuntHooks = {}): Promise<HuntReport> {
  return huntWith(huntWorkerScript(), settings, hooks);
}

/** {@link hunt} with a worker program of one's own, for tests that plant what goes wrong there. */
export async function huntWith(
  script: WorkerScript,
  settings: HuntSettings,
  hooks: HuntHooks = {},
): Promise<HuntReport> {
  const { budget } = settings;
  const deadline = budget.kind === "time" ? performance.now() + 1000 * budget.seconds : null;
  const invariants = await askedInvariants(settings.invariants);
  const host = { ...(await openHost(settings.host)), invariants };
  try {
    host.program.generation.check(host, settings.space);
    const folder = await HuntFolder.open(settings, host, hooks.signal);
    try {
      return await huntIn(folder, { host, script, settings, hooks, deadline });
    } finally {
      folder.close();
    }
  } finally {
    await host.close?.();
  }
}

/** What a hunt is made of, beside its folder. */
interface HuntParts {
  host: Host;
  script: WorkerScript;
  settings: HuntSettings;
  hooks: HuntHooks;
  deadline: number | null;
}

async function huntIn(
  folder: HuntFolder,
  { host, script, settings, hooks, deadline }: HuntParts,
): Promise<HuntReport> {
  const { budget, keep, confirm } = settings;
  const { held, from } = folder;
  hooks.onStart?.({ held, from: from.next });
  const strategy = strategyOf(settings, host, from.strategy);
  const standing = () => ({
    next: ledger.booked,
    tally: ledger.tally,
    pending: keeper.pending(),
    strategy: strategy.state(),
  });
  const keeper = new Keeper({
    keep,
    confirm: confirm.name,
    held: held.failures,
    pending: from.pending,
    write: hooks.write ?? ((findings) => folder.write(findings, standing())),
  });
  let firstDeathAt: number | null = null;
  const ledger: Ledger = new Ledger({
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
      folder.saveNowAndThen(standing);
    },
    onLost: (lost) => hooks.onLost?.(lost),
    onCaptures: (underWay) => hooks.onCaptures?.(underWay),
  });

  const searchStart = performance.now();
  const before = from.tally.cases;
  const pool = poolOf(script, settings, ledger, hooks);
  const goesOn = folder.isKept;
  const release = stopInTime(pool, ledger, { deadline, signal: hooks.signal, goesOn });
  const end = await pool.run().finally(release);
  folder.save(standing());
  const seconds = (performance.now() - searchStart) / 1000;
  const { tally, booked } = ledger;
  return {
    status: end.kind === "no-workers" ? end.kind : hooks.signal?.aborted ? "interrupted" : "finished",
    settings,
    tally,
    failures: keeper.failures(),
    pending: keeper.pending().length,
    stale: held.stale,
    from: from.next,
    through: booked,
    firstDeathAt: tally.deaths > 0 ? firstDeathAt : null,
    casesPerSecond: (tally.cases - before) / seconds,
    workerEnd: end.kind === "no-workers" ? end.end : null,
  };
}

function strategyOf(
  { strategy, space, seed }: HuntSettings,
  { program: { generation } }: Host,
  learned: HuntProgress["strategy"],
): Strategy {
  if (strategy === "random") return randomStrategy();
  const { guidance } = generation;
  return guidedStrategy({ seed, guidance, cases: generation.cases(space, seed) }, learned);
}

function poolOf(
  script: WorkerScript,
  settings: HuntSettings,
  ledger: Ledger,
  { hangSeconds = HANG_SECONDS }: HuntHooks,
): WorkerPool<HuntTask, HuntAnswer> {
  const { host, confirm, space, seed, fix, invariants, provenance, workers } = settings;
  const open: WorkerOrders = { host, confirm: confirm.order, space, seed, fix, invariants, provenance };
  const parse = (answer: unknown) => huntAnswerSchema.parse(answer);
  return new WorkerPool({ script, open, workers, parse, hangSeconds }, ledger);
}

/**
 * Stops the search at its deadline or on a signal; returns what releases timers and listeners. At the deadline the
 * deaths seen are still made small. On a signal they are left to the hunt that goes on from here, or where none can,
 * captured as they are, as far as that is quickly done.
 */
function stopInTime(
  pool: WorkerPool<HuntTask, HuntAnswer>,
  ledger: Ledger,
  { deadline, signal, goesOn }: { deadline: number | null; signal: AbortSignal | undefined; goesOn: boolean },
): () => void {
  const timers: NodeJS.Timeout[] = [];
  const later = (ms: number, act: () => void) => timers.push(setTimeout(act, ms));
  const onDeadline = () => {
    ledger.stop("as-asked");
    later(GRACE_MS, () => pool.abandon(({ kind }) => kind === "run"));
  };
  const onSignal = () => {
    ledger.stop(goesOn ? "none" : "unshrunk");
    if (goesOn) return pool.close();
    pool.abandon(() => true);
    later(LAST_CAPTURES_MS, () => pool.close());
  };
  if (deadline !== null) later(Math.max(0, deadline - performance.now()), onDeadline);
  if (signal?.aborted) onSignal();
  signal?.addEventListener("abort", onSignal, { once: true });
  return () => {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener("abort", onSignal);
  };
}
