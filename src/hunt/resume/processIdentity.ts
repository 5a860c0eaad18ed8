import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** The name of this machine, as far as one process can see another: a container has its own. */
export function machineName(): string {
  return hostname();
}

/** True while a process lives on this machine. A zombie, which has ended, does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return startOf(pid) !== ENDED;
}

/** The answer of {@link startOf} for a process that has ended. */
const ENDED = "ended";

/**
 * The start of a process, in whatever form this system has for it: a number that is given to another process later
 * has another start. Null where the system does not say.
 */
export function startOf(pid: number): string | null {
  return process.platform === "linux" ? startInProc(pid) : startByPs(pid);
}

/** Ticks since the system was started, and which start of the system that was. */
function startInProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name, which may hold blanks and brackets: the state, and 19 fields on the start.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return ENDED;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return fields[19] === undefined ? null : `${fields[19]} ${boot}`;
  } catch {
    return null;
  }
}

function startByPs(pid: number): string | null {
  try {
    const output = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return output.startsWith("Z") ? ENDED : output.replace(/^\S+\s+/, "");
  } catch {
    return null;
  }
}
