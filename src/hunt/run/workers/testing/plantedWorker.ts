import { writeSync } from "node:fs";
import { serveTasks } from "../serve.ts";

/** A worker that squares numbers, and does worse where a test has planted it. */
await serveTasks(async () => (task, beat) => {
  const { number, does } = task as { number: number; does: string };
  const start = performance.now();
  switch (does) {
    case "hang":
      for (;;) Math.hypot(3, 4);
    case "slow":
      while (performance.now() - start < 15_000) beat();
      break;
    case "kill":
      process.kill(process.pid, "SIGKILL");
      while (performance.now() - start < 5000);
      break;
    case "exit":
      process.stderr.write("planted: leaving\n");
      process.exit(3);
      break;
    case "fill-heap": {
      const held: number[][] = [];
      for (;;) held.push(new Array<number>(1_000_000).fill(0.5));
    }
    case "garbage":
      writeSync(1, "Segmentation fault, or so\n");
      break;
    case "wrong-answer":
      return "forty-two";
  }
  return number * number;
});
