import type { HostRequest } from "../protocol.ts";
import { requestSchema } from "../protocol.ts";
import type { Channel } from "./channel.ts";
import { hostError } from "./errors.ts";

/** Takes requests and answers them, one at a time. */
export interface Desk {
  /** Waits for the next request. One that is none is answered at once. */
  next(): HostRequest;
  /** The request that waits for its answer, or null. */
  readonly open: HostRequest | null;
  answer(answer: object): void;
  refuse(error: unknown, fallback: Parameters<typeof hostError>[1]): void;
}

/** Opens the desk of a host. */
export function openDesk(channel: Channel, program: string): Desk {
  let open: HostRequest | null = null;
  const refuse = (id: number, error: unknown, fallback: Parameters<typeof hostError>[1]) =>
    channel.send({ id, ok: false, error: hostError(error, fallback, program) });
  return {
    get open() {
      return open;
    },
    next() {
      for (;;) {
        const json = parse(channel.receive());
        const request = requestSchema.safeParse(json);
        if (request.success) {
          open = request.data;
          return open;
        }
        const [issue] = request.error.issues;
        const id = (json as { id?: unknown } | null)?.id;
        refuse(
          typeof id === "number" ? id : -1,
          new Error(`no request: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`),
          "protocol",
        );
      }
    },
    answer(answer) {
      if (open === null) return;
      channel.send({ id: open.id, ok: true, ...answer });
      open = null;
    },
    refuse(error, fallback) {
      if (open === null) return;
      refuse(open.id, error, fallback);
      open = null;
    },
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
