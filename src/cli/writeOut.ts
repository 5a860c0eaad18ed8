import { writeAll } from "../documents/writeAll.ts";

/**
 * Writes a text and a line break to a stream's file, all of it before it returns. Where it cannot, the stream emits its
 * `error`, as it does for writes of Node's own.
 */
export function writeOut(stream: NodeJS.WriteStream & { fd: number }, text: string): void {
  try {
    writeAll(stream.fd, Buffer.from(`${text}\n`));
  } catch (error) {
    stream.emit("error", error);
  }
}
