import { type Clock, systemClock } from "../clock.ts";
import type { HuntSettings } from "../settings.ts";
import { type HuntAnswer, type HuntTask, readAnswer, type WorkerOrders } from "./tasks.ts";
import type { OpenChannel } from "./workers/channel.ts";
import { WorkerPool } from "./workers/pool.ts";
import { processChannel } from "./workers/processChannel.ts";
import { huntWorkerScript, type WorkerScript } from "./workers/script.ts";
import type { TaskSource, Workers } from "./workers/workers.ts";

/** The work that workers are hired for. */
interface HuntWork {
  settings: HuntSettings;
  source: TaskSource<HuntTask, HuntAnswer>;
  /** Seconds without a sign of life after which a worker counts as hanging. */
  hangSeconds: number;
}

/** The workers and the clock of a hunt. */
export interface Means {
  hire: (work: HuntWork) => Workers<HuntTask>;
  clock: Clock;
}

/** Workers that are processes on this machine. Tests give a script of their own, in which things go wrong. */
export function processes(script: WorkerScript = huntWorkerScript()): Means {
  return pooled(processChannel(script), systemClock);
}

/** A pool of workers, however they are started and whatever the time. */
export function pooled(start: OpenChannel, clock: Clock): Means {
  return {
    clock,
    hire: ({ settings: { workers, ...settings }, source, hangSeconds }) => {
      const orders = ordersOf(settings);
      return new WorkerPool({ start, orders, workers, parse: readAnswer, hangSeconds, clock }, source);
    },
  };
}

function ordersOf(settings: Omit<HuntSettings, "workers">): WorkerOrders {
  const { host, confirm, space, seed, fix, invariants, provenance } = settings;
  return { host, confirm: confirm.order, space, seed, fix, invariants, provenance };
}
