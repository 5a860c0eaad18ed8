import { openHuntWorker } from "./run/huntWorker.ts";
import { serveTasks } from "./run/workers/serve.ts";

// The program of a worker process. Its answers are written to descriptor 1 itself: what the module of a person's invariants
// prints is none of them.
process.stdout.write = process.stderr.write.bind(process.stderr);
await serveTasks(openHuntWorker);
