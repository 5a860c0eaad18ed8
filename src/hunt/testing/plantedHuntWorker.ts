import { openHuntWorker } from "../run/huntWorker.ts";
import type { HuntTask, WorkerOrders } from "../run/tasks.ts";
import { type Serve, serveTasks } from "../run/workers/serve.ts";

/** The hunt's worker, with mishaps planted at cases; the preset's name, in the orders, lists them: `hang 5, kill 9`. */
await serveTasks(async (first) => {
  const { preset } = (first as WorkerOrders).provenance;
  const planted = new Map(
    preset.split(", ").map((entry) => {
      const [mishap = "", index] = entry.split(" ");
      return [Number(index), mishap];
    }),
  );
  const serve = await openHuntWorker(first);
  const wrapped: Serve = (task, beat) => {
    switch (planted.get((task as HuntTask).index)) {
      case "hang":
        for (;;);
      case "kill":
        process.kill(process.pid, "SIGKILL");
        for (;;);
      case "fill-heap": {
        const held: number[][] = [];
        for (;;) held.push(new Array<number>(1_000_000).fill(0.5));
      }
      case "throw":
        return { kind: "failed", message: "planted" };
    }
    return serve(task, beat);
  };
  return wrapped;
});
