/** The host of a program's cases, named as plain data, so that a worker process can open it too. */
export type HostOrder =
  /** An engine of nanproof's own LSTM. */
  | { kind: "engine"; engine: string }
  /** A process that loads a person's file. */
  | ({ kind: "file" } & FileOrder);

/** A person's program, and how it is run. */
export interface FileOrder {
  /** Its path. */
  file: string;
  /** The Python interpreter; null for the one on the search path. Of no use to JavaScript. */
  python: string | null;
  /** The backend of tensorflow.js that its cases run on (`tfjs-cpu`, `tfjs-wasm`, `tfjs-node`); null for the program's own choice. */
  backend: string | null;
  /** Threads that a Python framework may use. */
  threads: number;
  /** True of one that only confirms what another process has shown. */
  isFresh: boolean;
}
