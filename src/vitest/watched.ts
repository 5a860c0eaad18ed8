/** The watch over a promise. */
interface Watch {
  /** Calls of `then` that vitest makes itself, before the user gets the promise to await. */
  before: number;
  /** Called at the first `then` after these, and at every one that follows. */
  onAwait: () => void;
  /** True where the watcher, and not Node, reports a rejection that nobody waits for. */
  isSilent: boolean;
}

/** A promise that notices when somebody waits for it. */
export class Watched<T> extends Promise<T> {
  readonly #watch: Watch;

  /** Makes `then` return a plain promise, which is not watched; the override below watches anew what it must. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  constructor(settle: (resolve: (value: T | PromiseLike<T>) => void) => void, watch: Watch) {
    super(settle);
    this.#watch = watch;
    if (watch.isSilent) super.then(undefined, () => {});
  }

  // biome-ignore lint/suspicious/noThenProperty: a promise is seen to be awaited by its own `then` alone.
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const next = super.then(onFulfilled, onRejected);
    const { before, onAwait } = this.#watch;
    if (before === 0) {
      onAwait();
      return next;
    }
    return new Watched((resolve) => resolve(next), { ...this.#watch, before: before - 1 });
  }
}
