import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The Python that .ci/python-programs makes, with PyTorch, TensorFlow, Keras and JAX; null where there is none. */
export function pythonWithFrameworks(): string | null {
  const named = process.env.NANPROOF_PROGRAMS_PYTHON;
  if (named !== undefined) return named;
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const kept = join(cache, "nanproof", "python-programs", "bin", "python");
  return existsSync(kept) ? kept : null;
}
