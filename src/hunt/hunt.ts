import { askedInvariants } from "../invariants/asked.ts";
import type { Host } from "../programs/program.ts";
import { openHost } from "../programs/registry.ts";
import { bookedHook } from "./booked.ts";
import type { HuntHooks } from "./hooks.ts";
import { Keeper } from "./keep/keeper.ts";
import { strategyOf } from "./plan/strategies.ts";
import type { HuntReport } from "./report.ts";
import { HuntFolder } from "./resume/huntFolder.ts";
import { type Means, processes } from "./run/hire.ts";
import { Ledger } from "./run/ledger.ts";
import type { HuntSettings } from "./settings.ts";
import { stopInTime } from "./stopInTime.ts";

export type { HuntHooks } from "./hooks.ts";
export type { HuntReport } from "./report.ts";

/** Without a sign of life for this long, a worker counts as hanging. The longest step takes a second or two. */
const HANG_SECONDS = 30;

/**
 * Generates training runs in a domain, finds those that die, and keeps the first deaths of every
 * signature as fixtures. Replays what the folder holds first, and goes on where a hunt for the same
 * in the same folder was cut short.
 * @throws UsageError when a JSON file in the folder is no fixture, or nothing can be written there.
 */
export async function hunt(settings: HuntSettings, hooks: HuntHooks = {}): Promise<HuntReport> {
  return huntWith(processes(), settings, hooks);
}

/** {@link hunt} with workers and a clock of one's own. */
export async function huntWith(
  means: Means,
  settings: HuntSettings,
  hooks: HuntHooks = {},
): Promise<HuntReport> {
  const { budget } = settings;
  const { clock } = means;
  const deadline = budget.kind === "time" ? clock.now() + 1000 * budget.seconds : null;
  const invariants = await askedInvariants(settings.invariants);
  const host = { ...(await openHost(settings.host)), invariants };
  try {
    host.program.generation.check(host, settings.space);
    const { signal, onReplay } = hooks;
    const folder = await HuntFolder.open(settings, host, { signal, onReplay, clock });
    try {
      return await huntIn(folder, { host, means, settings, hooks, deadline });
    } finally {
      folder.close();
    }
  } finally {
    await host.close?.();
  }
}

/** Everything that a hunt needs, its folder aside. */
interface HuntSetup {
  host: Host;
  means: Means;
  settings: HuntSettings;
  hooks: HuntHooks;
  deadline: number | null;
}

async function huntIn(
  folder: HuntFolder,
  { host, means: { hire, clock }, settings, hooks, deadline }: HuntSetup,
): Promise<HuntReport> {
  // Resume: where a hunt before this one stopped, and what it has kept.
  const { replay, from } = folder;
  const before = from.tally.cases;
  hooks.onStart?.({ held: replay, from: from.next });

  // Plan: what to try next.
  const strategy = strategyOf(settings, host, from.strategy);

  // Keep: which deaths become fixtures.
  const progress = () => ({
    next: ledger.booked,
    tally: ledger.tally,
    pending: keeper.pending(),
    strategy: strategy.state(),
  });
  const keeper = new Keeper({
    keep: settings.keep,
    confirm: settings.confirm.name,
    earlier: replay.failures,
    pending: from.pending,
    write: hooks.write ?? ((findings) => folder.write(findings, progress())),
    onLost: (lost) => ledger.lose(lost),
  });

  // Run: cases and captures go out to the workers, and come back into the book in order.
  let firstDeathAt: number | null = null;
  const ledger: Ledger = new Ledger({
    strategy,
    keeper,
    from,
    cases: settings.budget.kind === "cases" ? settings.budget.cases : null,
    shrink: settings.shrink,
    onDeath: () => {
      firstDeathAt ??= clock.now();
    },
    onCase: () => {
      hooks.onCase?.(ledger.tally);
      folder.saveNowAndThen(progress);
    },
    ...bookedHook(settings, host, hooks.onBooked),
    onLost: (lost) => hooks.onLost?.(lost),
    onCaptures: (underWay) => hooks.onCaptures?.(underWay),
  });
  const start = clock.now();
  const workers = hire({ settings, source: ledger, hangSeconds: hooks.hangSeconds ?? HANG_SECONDS });
  const stops = { clock, deadline, signal: hooks.signal, goesOn: folder.isKept };
  const release = stopInTime(workers, ledger, stops);
  const end = await workers.run().finally(release);
  folder.save(progress());

  const { tally, booked } = ledger;
  return {
    status: end.kind === "no-workers" ? end.kind : hooks.signal?.aborted ? "interrupted" : "finished",
    settings,
    tally,
    failures: keeper.deaths(),
    pending: keeper.pending().length,
    stale: replay.stale,
    from: from.next,
    through: booked,
    firstDeathAt: tally.deaths > 0 ? firstDeathAt : null,
    casesPerSecond: (tally.cases - before) / ((clock.now() - start) / 1000),
    workerEnd: end.kind === "no-workers" ? end.end : null,
  };
}
