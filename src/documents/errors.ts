/** Wrong use or unreadable input: the command line prints it and exits with 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
  /**
   * @param code Stable name of the mistake, `NANPROOF_E_...`.
   * @param message The mistake: the file or flag, the field, the value.
   * @param hint The remedy.
   * @param details Its origin, line by line, as a person's own traceback.
   */
  constructor(
    readonly code: `NANPROOF_E_${string}`,
    message: string,
    readonly hint: string,
    readonly details: readonly string[] = [],
  ) {
    super(message);
  }
}

/** An engine was given a case that it cannot run; it says so before the first step. */
export class UnsupportedCaseError extends UsageError {
  override readonly name = "UnsupportedCaseError";
  constructor(engine: string, message: string, hint: string) {
    super("NANPROOF_E_UNSUPPORTED_CASE", `engine ${engine}: ${message}`, hint);
  }
}
