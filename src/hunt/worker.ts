import { openHuntWorker } from "./huntWorker.ts";
import { serveTasks } from "./workers/serve.ts";

// The program of a worker process. Its answers are written to descriptor 1 itself: what the module of a person's invariants
// prints is none of them.
process.stdout.write = process.stderr.write.bind(process.stderr);
await serveTasks(openHuntWorker);
