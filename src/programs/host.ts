import { fstatSync } from "node:fs";
import { resolve } from "node:path";
import { drive } from "./client/coroutine.ts";
import { isCaseEnded } from "./client/endings.ts";
import { installHost } from "./client/seam.ts";
import { loadedEngine } from "./client/tfjs/engine.ts";
import { noteVariables } from "./client/tfjs/variableLines.ts";
import { prepareBackend } from "./host/backend.ts";
import { Case } from "./host/case.ts";
import { openChannel } from "./host/channel.ts";
import { openDesk } from "./host/desk.ts";
import { HostedError, hostError } from "./host/errors.ts";
import { type Loaded, load } from "./host/load.ts";
import { guardMemory, MEMORY_LIMIT } from "./host/memory.ts";
import { guardProcess } from "./host/processGuards.ts";
import { seedRandom } from "./host/randomState.ts";
import { serve } from "./host/serve.ts";
import { startTraining } from "./host/start.ts";

/** The process that runs a person's program: node dist/programs/host.js FILE, with the protocol on descriptors 3 and 4. */
const file = resolve(process.argv[2] ?? "");
requireDescriptors();
const channel = openChannel();
const desk = openDesk(channel, file);
let greeted = false;
let current: Case | null = null;

process.setSourceMapsEnabled(true);
// The person's line lies below frames of tensorflow.js and nanproof.
Error.stackTraceLimit = 100;
const exit = guardProcess(lose);
const random = seedRandom(1);
installHost({
  sources: [random.source],
  step: (hosted, batch) => {
    if (current === null) throw new HostedError("program", "step was called while no case was open");
    return current.step(hosted, batch);
  },
});

try {
  await prepareBackend(file, process.env.NANPROOF_ENGINE ?? null);
  if (loadedEngine() !== null) noteVariables();
  guardMemory(Number(process.env.NANPROOF_MEMORY ?? MEMORY_LIMIT));
  const loaded = await load(file);
  channel.send(loaded.greeting);
  greeted = true;
  await answerAll(loaded);
} catch (error) {
  lose(error);
  exit(1);
}

/** Says to a person who starts the host by hand that nanproof does so by itself. */
function requireDescriptors(): void {
  try {
    // As big integers: Node 20 and 22 look at the numbers that the last plain stat left, of a pipe here, when they resolve a
    // package that is a symlink, as pnpm has them, and then do not follow it.
    fstatSync(3, { bigint: true });
    fstatSync(4, { bigint: true });
  } catch {
    process.stderr.write("nanproof starts this process by itself: run `npx nanproof train --program FILE`\n");
    process.exit(2);
  }
}

/** Tells why the process ends before its time. */
function lose(error: unknown): void {
  if (!greeted) {
    greeted = true;
    channel.send({ type: "failed", error: hostError(error, "load", file) });
  } else if (desk.open?.type === "advance")
    current?.answerAdvance("error", { error: hostError(error, "program", file) });
  else desk.refuse(error, "program");
}

/** Answers requests for as long as there are any. */
async function answerAll(loaded: Loaded): Promise<never> {
  let cases = 0;
  for (;;) {
    const request = desk.next();
    switch (request.type) {
      case "open":
        if (loaded.program === null && cases > 0)
          desk.refuse(
            new HostedError("fresh-process", "a script runs once a process: start another"),
            "program",
          );
        else await runCase(loaded, request);
        cases++;
        break;
      case "advance":
        if (current === null) desk.refuse(new Error("no case is open"), "protocol");
        else current.answerAdvance("finished");
        break;
      case "close":
        current = null;
        desk.answer({});
        break;
      case "quit":
        desk.answer({});
        exit(0);
        break;
      default: {
        const run = current?.run ?? null;
        if (run === null) desk.refuse(new Error("no case is open"), "protocol");
        else await drive(serve(request, run, desk));
      }
    }
  }
}

/** Runs a case from its opening to the end of its training. */
async function runCase(loaded: Loaded, request: Parameters<typeof startTraining>[2]): Promise<void> {
  const here = new Case(desk, request, loaded.invariants, {
    swallowed: () => {
      desk.refuse(
        new HostedError("swallowed", "the program caught CaseEnded a hundred times and went on"),
        "swallowed",
      );
      return exit(1);
    },
    quit: () => {
      desk.answer({});
      return exit(0);
    },
  });
  current = here;
  let error: unknown = null;
  try {
    await startTraining(loaded, file, request, random);
  } catch (thrown) {
    error = thrown;
  }
  here.end();
  finish(here, error);
}

/** Answers what a case left open when its training ended. */
function finish(here: Case, error: unknown): void {
  const open = desk.open?.type;
  // A case that never called `step`, or is closed, is no case any more.
  if (open === "open" || open === "close") current = null;
  if (open === "close") {
    desk.answer({});
  } else if (error !== null && !isCaseEnded(error)) {
    if (open === "advance") here.answerAdvance("error", { error: hostError(error, "program", file) });
    else desk.refuse(error, "program");
  } else if (open === "open") {
    desk.refuse(
      new HostedError("watch-never-called", "the training ended before any step of `watch` was called"),
      "program",
    );
  } else here.answerAdvance("finished");
}
