import type { Judge } from "../evidence.ts";

/** Takes what is left: an operation that no other mechanism knows. */
export const unknownOperation: Judge = ({ operation, value }) => ({
  because: `${operation.operation} made ${value}.`,
});
