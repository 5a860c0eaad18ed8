import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join, resolve } from "node:path";

/** A fault of the disk: at the change with this number, counted from now, the process is killed or there is no room. */
export type DiskFault = { kind: "crash" | "full"; at: number } | null;

/** A process that is killed does nothing more, neither in a catch nor in a finally. */
class Killed extends Error {}

/** Calls of node:fs that change a folder. */
const CHANGES = /^(open|write|fsync|ftruncate|fch|rename|rm|unlink|link|mkdir|utimes)/;
/** Of them, those that need room. */
const NEEDS_ROOM = /^(open|write|mkdir|link)/;
/** No process has this number. */
const NOBODY = 2 ** 22 + 1;

type AnyCall = (...args: unknown[]) => unknown;

/**
 * A folder of this machine that faults are planted in, for all code of this process. It reaches the disk as fast as it can:
 * nothing is synced.
 */
export class SimulatedDisk {
  fault: DiskFault = null;
  #isDown = false;
  readonly #folder: string;
  readonly #descriptors = new Set<unknown>();
  readonly #real = new Map<string, AnyCall>();

  constructor(folder: string) {
    this.#folder = resolve(folder);
    const calls = fs as unknown as Record<string, AnyCall>;
    for (const name of Object.keys(fs).filter((key) => key.endsWith("Sync"))) {
      const real = calls[name] as AnyCall;
      this.#real.set(name, real);
      calls[name] = Object.assign((...args: unknown[]) => this.#call(name, real, args), real);
    }
    syncBuiltinESMExports();
  }

  /** True where the process has been killed since the last {@link restart}. */
  get isDown(): boolean {
    return this.#isDown;
  }

  /** Sound again, with room; the lock of a process that was killed, in a folder, is that of a process that is gone. */
  restart(folder: string): void {
    const wasDown = this.#isDown;
    this.#isDown = false;
    this.fault = null;
    const saved = join(folder, ".nanproof");
    if (!wasDown || !fs.existsSync(saved)) return;
    for (const name of fs.readdirSync(saved).filter((name) => /^lock-\d+$/.test(name))) {
      const path = join(saved, name);
      fs.writeFileSync(path, JSON.stringify({ ...JSON.parse(fs.readFileSync(path, "utf8")), pid: NOBODY }));
    }
  }

  /** Gives node:fs back as it was. */
  close(): void {
    Object.assign(fs, Object.fromEntries(this.#real));
    syncBuiltinESMExports();
  }

  #call(name: string, real: AnyCall, args: unknown[]): unknown {
    const isOurs = args.some((arg) => typeof arg === "string" && resolve(arg).startsWith(this.#folder));
    if (!isOurs && !this.#descriptors.has(args[0])) return real(...args);
    const isChange = CHANGES.test(name) && !(name === "openSync" && isRead(args[1]));
    if (isChange) this.#change(name, real, args);
    if (name === "fsyncSync") return undefined;
    const result = real(...args);
    if (name === "openSync") this.#descriptors.add(result);
    if (name === "closeSync") this.#descriptors.delete(args[0]);
    return result;
  }

  /** Throws where the fault is in the way of a change. */
  #change(name: string, real: AnyCall, args: unknown[]): void {
    if (this.#isDown) throw new Killed("killed");
    if (this.fault === null) return;
    this.fault.at -= 1;
    if (this.fault.at > 0) return;
    // What was being written then is there in part.
    if (name === "writeSync") real(args[0], (args[1] as Uint8Array).subarray(0, 7));
    this.#isDown = this.fault.kind === "crash";
    if (this.#isDown) throw new Killed("killed");
    if (NEEDS_ROOM.test(name))
      throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), { code: "ENOSPC" });
  }
}

function isRead(flags: unknown): boolean {
  return flags === "r" || typeof flags === "number";
}
