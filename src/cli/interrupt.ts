import { SIGNAL_EXIT } from "./exitCodes.ts";

/** Signals taken over, until they are given back to Node. */
export interface Interrupt {
  /** The exit code that the first signal asks for; undefined where none came. */
  exitCode(): number | undefined;
  release(): void;
}

/** Takes over SIGINT and SIGTERM: `first` is to end the command in good order, `second` at once. */
export function onInterrupt({ first, second }: { first: () => void; second: () => void }): Interrupt {
  let code: number | undefined;
  const handle = (name: NodeJS.Signals) => {
    if (code !== undefined) return second();
    code = SIGNAL_EXIT[name as keyof typeof SIGNAL_EXIT];
    first();
  };
  const names = Object.keys(SIGNAL_EXIT) as (keyof typeof SIGNAL_EXIT)[];
  for (const name of names) process.on(name, handle);
  return {
    exitCode: () => code,
    release: () => {
      for (const name of names) process.off(name, handle);
    },
  };
}
