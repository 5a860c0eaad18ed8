/** A computation that yields what may be a promise and goes on with what it is resolved to. */
export type Steps<T> = Generator<unknown, T, unknown>;

/**
 * Runs a computation to its end. As long as it yields no promise it is synchronous, so that a person's synchronous step
 * stays one; from the first promise on the result is a promise.
 */
export function drive<T>(steps: Steps<T>): T | Promise<T> {
  return go(steps, () => steps.next());
}

function go<T>(steps: Steps<T>, first: () => IteratorResult<unknown, T>): T | Promise<T> {
  let next = first;
  for (;;) {
    const { done, value } = next();
    if (done) return value;
    if (isThenable(value))
      return Promise.resolve(value).then(
        (resolved) => go(steps, () => steps.next(resolved)),
        (error) => go(steps, () => steps.throw(error)),
      );
    next = () => steps.next(value);
  }
}

function isThenable(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
