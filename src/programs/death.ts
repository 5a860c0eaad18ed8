/** A number of a batch; all count from 0. */
export interface DataPlace {
  tensor: "input" | "target";
  row: number;
  timestep: number;
  column: number;
}

/** The death of a fatal step, as far as every program can say it; a program's own diagnosis has more fields. */
export interface Diagnosis {
  /** `phase/mechanism/what`: what makes two failures the same bug. */
  signature: string;
  mechanism: string;
  /**
   * The place of the first non-finite value that lasts; its other fields are the program's own. Null of a death that is
   * the violation of an invariant and makes no such value.
   */
  site: { phase: string } | null;
  /** Why the step is not the same whenever it is run: such a death is confirmed by nothing. None where it is the same to the bit. */
  flaky?: string;
}
