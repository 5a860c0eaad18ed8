import { UsageError } from "../../../documents/errors.ts";
import { type RandomStream, randomStream } from "../../../numerics/random.ts";
import { huntWith } from "../../hunt.ts";
import type { HuntReport } from "../../report.ts";
import { pooled } from "../../run/hire.ts";
import type { Budget, HuntSettings } from "../../settings.ts";
import { plantedWorkers, type World } from "./plantedWorkers.ts";
import type { SimulatedDisk } from "./simulatedDisk.ts";
import { VirtualClock } from "./virtualClock.ts";

/** Parts of a hunt that may be cut short; the one after them is not. */
const MOST_PARTS = 7;
/** About as long as the hunt takes one worker when nothing goes wrong, in virtual milliseconds. */
const ABOUT_MS = 4000;

/** The way in which a part of a hunt is cut short. */
type Cut =
  | { kind: "none" }
  /** The person gives it less to do. */
  | { kind: "budget"; budget: Budget }
  /** Ctrl-C: before the search begins, or so long after. */
  | { kind: "interrupted"; after: number | null }
  /** Killed, or out of room, at the change of the folder with this number, from 1. */
  | { kind: "crash" | "full"; at: number };

/** The result of a hunt that everything went wrong with. */
export interface Simulated {
  report: HuntReport;
  /** The ends of its parts, in words: for whoever looks at a seed that fails. */
  parts: string[];
}

/** The hunt of a seed with one worker, in a world where nothing goes wrong. */
export async function undisturbed(settings: HuntSettings): Promise<HuntReport> {
  const world = worldOf(settings.seed, "undisturbed", null);
  return runPart({ ...settings, workers: 1 }, world, { kind: "none" });
}

/**
 * The same hunt while everything goes wrong: workers by the handful are slow, killed, hung, full or lying; the hunt is
 * interrupted, killed, out of room and given less to do; and each time it is started again.
 */
export async function disturbed(settings: HuntSettings, disk: SimulatedDisk): Promise<Simulated> {
  const random = randomStream(settings.seed, "cuts");
  const parts: string[] = [];
  for (let part = 0; ; part++) {
    const cut = part < MOST_PARTS ? drawnCut(random, settings.budget) : ({ kind: "none" } as const);
    const world = worldOf(settings.seed, `part ${part}`, 4 + random.integer(30));
    const workers = 1 + random.integer(4);
    disk.fault = cut.kind === "crash" || cut.kind === "full" ? { ...cut } : null;
    const budget = cut.kind === "budget" ? cut.budget : settings.budget;
    const report = await orNull(
      runPart({ ...settings, workers, budget }, world, cut),
      disk,
      settings.out ?? ".",
    );
    parts.push(
      `${JSON.stringify(cut)} on ${workers}: ${report === null ? "ended" : `${report.status} at ${report.through}`}`,
    );
    if (report?.status === "finished" && budget === settings.budget) return { report, parts };
  }
}

function drawnCut(random: RandomStream, whole: Budget): Cut {
  const cases = whole.kind === "cases" ? whole.cases : 0;
  switch (random.integer(6)) {
    case 0:
      return { kind: "budget", budget: { kind: "cases", cases: 1 + random.integer(cases) } };
    case 1:
      return { kind: "interrupted", after: null };
    case 2:
      return { kind: "crash", at: 1 + random.integer(80) };
    case 3:
      return { kind: "full", at: 1 + random.integer(80) };
    case 4:
      return { kind: "none" };
    default:
      return { kind: "interrupted", after: random.integer(ABOUT_MS) };
  }
}

function worldOf(seed: string, label: string, accidentEvery: number | null): World {
  const random = randomStream(seed, `world/${label}`);
  return { seed, clock: new VirtualClock(), random, accidentEvery, struck: new Set() };
}

/** The report of a part; null where the disk ended it. */
async function orNull(
  part: Promise<HuntReport>,
  disk: SimulatedDisk,
  folder: string,
): Promise<HuntReport | null> {
  try {
    const report = await part;
    return disk.isDown ? null : report;
  } catch (error) {
    if (disk.isDown || (error instanceof UsageError && error.message.includes("ENOSPC"))) return null;
    throw error;
  } finally {
    disk.restart(folder);
  }
}

async function runPart(settings: HuntSettings, world: World, cut: Cut): Promise<HuntReport> {
  const { clock } = world;
  const stop = new AbortController();
  let hasStarted = false;
  const onStart = () => {
    hasStarted = true;
    if (cut.kind !== "interrupted") return;
    if (cut.after === null) stop.abort();
    else clock.after(cut.after, () => stop.abort());
  };
  const means = pooled(plantedWorkers(world), clock);
  let isOver = false;
  const hunted = huntWith(means, settings, { onStart, signal: stop.signal }).finally(() => {
    isOver = true;
  });
  // An error reaches whoever waits for the hunt, below.
  hunted.catch(() => {});
  while (!isOver) {
    await new Promise(setImmediate);
    // Time stands still while the hunt opens its folder, which takes none of it.
    if (hasStarted && !isOver) clock.step();
  }
  return hunted;
}
