import { writeSync } from "node:fs";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { toJson } from "../trace/writeTrace.ts";

/** Requests come in and replies go out, one line of JSON each. */
export interface Channel {
  /** Waits for the next line. The process is blocked meanwhile: a program's step is a call, and need not be a promise. */
  receive(): string;
  send(message: object): void;
}

/** The file descriptors of the protocol. */
const REQUESTS = 3;
const REPLIES = 4;

/**
 * Reads requests on a thread of its own, since this one may be inside a program that computes for ever: when the other side
 * closes, the process ends at once.
 */
const READER = `
const { workerData: { fd, port, signal } } = require("node:worker_threads");
const { Socket } = require("node:net");
const { createReadStream, fstatSync } = require("node:fs");
const flag = new Int32Array(signal);
const end = () => process.kill(process.pid, "SIGKILL");
const stat = fstatSync(fd);
const input = stat.isFIFO() || stat.isSocket() ? new Socket({ fd, readable: true, writable: false }) : createReadStream(null, { fd });
let rest = "";
input.setEncoding("utf8");
input.on("data", (text) => {
  const lines = (rest + text).split("\\n");
  rest = lines.pop();
  for (const line of lines) {
    port.postMessage(line);
    Atomics.add(flag, 0, 1);
    Atomics.notify(flag, 0);
  }
});
input.on("end", end);
input.on("close", end);
input.on("error", end);
`;

/** Opens the channel on file descriptors 3 and 4. */
export function openChannel(): Channel {
  const { port1, port2 } = new MessageChannel();
  const signal = new SharedArrayBuffer(4);
  const workerData = { fd: REQUESTS, port: port2, signal };
  const reader = new Worker(READER, { eval: true, workerData, transferList: [port2] });
  // A program that waits for what never comes leaves Node nothing to do, and must be seen to.
  reader.unref();
  port1.unref();
  const flag = new Int32Array(signal);
  return {
    receive: () => next(port1, flag),
    send: (message) => write(`${toJson(message)}\n`),
  };
}

function next(port: MessagePort, flag: Int32Array): string {
  for (;;) {
    const seen = Atomics.load(flag, 0);
    const received = receiveMessageOnPort(port) as { message: string } | undefined;
    if (received !== undefined) return received.message;
    Atomics.wait(flag, 0, seen);
  }
}

function write(text: string): void {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(REPLIES, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
