/**
 * The end of a program as a shell has it: its exit code, or 128 + n where the signal itself ended it. Node does that before
 * the program listens, and the program where a call in it can be ended by nothing else.
 */
export function exitOf({
  exitCode,
  signal,
}: {
  exitCode?: number | undefined;
  signal?: string | undefined;
}): number | string {
  if (exitCode !== undefined) return exitCode;
  return { SIGINT: 130, SIGTERM: 143, SIGKILL: 137 }[signal ?? ""] ?? `${signal}`;
}
