import { readFileSync, writeFileSync } from "node:fs";
import { readSafetensors } from "../../documents/readSafetensors.ts";
import { SafetensorsError, type TensorFile } from "../../documents/safetensors.ts";
import { writeSafetensors } from "../../documents/writeSafetensors.ts";
import { releaseBatch } from "../client/batch.ts";
import { batchFile, batchFrom } from "../client/batchFile.ts";
import type { Steps } from "../client/coroutine.ts";
import { digestNow, disposeResult } from "../client/replays.ts";
import { stateFile, stateFrom } from "../client/stateFile.ts";
import { release, type Snapshot } from "../client/tfjs/parts.ts";
import type { HostRecord, HostRequest } from "../protocol.ts";
import { writeTrace } from "../trace/writeTrace.ts";
import type { Desk } from "./desk.ts";
import { HostedError } from "./errors.ts";
import type { Run } from "./run.ts";

/** A request that a training answers while a call of `step` waits. */
export type Served = Extract<HostRequest, { type: "digest" | "save" | "run" | "load" | "trace" }>;

/** Answers a request on the state and batches of a training. */
export function* serve(request: Served, run: Run, desk: Desk): Steps<void> {
  try {
    desk.answer(yield* answer(request, run));
  } catch (error) {
    desk.refuse(error, error instanceof SafetensorsError ? "restore" : "program");
  }
}

function* answer(request: Served, run: Run): Steps<object> {
  const { state } = run.hosted.training;
  switch (request.type) {
    case "digest":
      return { digest: digestNow(run.hosted.training) };
    case "save": {
      const { which, state: to, batch: batchTo } = request;
      const { last } = run;
      if (which === "before" && last === null) throw new HostedError("protocol", "no step has been run yet");
      const before = which === "before" ? (last?.before ?? null) : null;
      save(to, before ?? state.take(), before === null);
      const batch = which === "before" ? last?.batch : run.batch;
      if (batchTo !== null && batchTo !== undefined && batch !== undefined)
        writeFileSync(batchTo, writeSafetensors(batchFile(batch)));
      return {};
    }
    case "load":
      state.restore(stateFrom(read(request.state)));
      return {};
    case "run": {
      const records: HostRecord[] = [];
      const digests: string[] = [];
      for (let i = 0; i < request.times; i++) {
        records.push(yield* again(request, run));
        digests.push(digestNow(run.hosted.training));
      }
      return { records, digests };
    }
    case "trace": {
      const problem = run.hosted.probe();
      if (problem !== null) throw new HostedError("unsupported", problem);
      return yield* traced(request, run);
    }
  }
}

/** Puts a state back and runs one step on a batch. */
function* again(files: { state: string; batch: string }, run: Run): Steps<HostRecord> {
  const { before, batch } = restored(files, run);
  try {
    return yield* run.step(before, batch);
  } finally {
    releaseBatch(batch);
  }
}

function* traced(request: Extract<Served, { type: "trace" }>, run: Run): Steps<object> {
  const { before, batch } = restored(request, run);
  try {
    const { observed, trace } = yield* run.hosted.trace(batch);
    const record = run.record(before, observed, null);
    disposeResult(observed.result);
    writeTrace(request.out, trace);
    return { record, operations: trace.operations.length, notes: trace.notes };
  } finally {
    releaseBatch(batch);
  }
}

function restored({ state, batch }: { state: string; batch: string }, run: Run) {
  const before = stateFrom(read(state));
  run.hosted.training.state.restore(before);
  return { before, batch: batchFrom(read(batch), run.batch) };
}

function save(path: string, snapshot: Snapshot, owned: boolean): void {
  writeFileSync(path, writeSafetensors(stateFile(snapshot)));
  if (owned) release(snapshot.values());
}

function read(path: string): TensorFile {
  return readSafetensors(readFileSync(path));
}
