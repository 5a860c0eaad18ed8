import { openHuntWorker } from "./huntWorker.ts";
import { serveTasks } from "./workers/serve.ts";

// The program of a worker process.
await serveTasks(openHuntWorker);
