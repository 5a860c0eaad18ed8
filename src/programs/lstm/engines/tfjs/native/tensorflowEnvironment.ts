/**
 * Variables that TensorFlow reads from the environment while it loads, with the values for those that the user has not set:
 *
 * - one thread within an operation and one between operations: how sums are split among threads changes
 *   their bits, so that the same seed gives the same bits only with the count fixed;
 * - deterministic GPU kernels, and float32 products in float32 (TF32 keeps ten bits of the mantissa);
 * - warnings and errors only: what is informative goes to stderr line by line otherwise.
 */
const DEFAULTS: Readonly<Record<string, string>> = {
  TF_NUM_INTRAOP_THREADS: "1",
  TF_NUM_INTEROP_THREADS: "1",
  TF_DETERMINISTIC_OPS: "1",
  NVIDIA_TF32_OVERRIDE: "0",
  TF_CPP_MIN_LOG_LEVEL: "1",
};

/** Sets what the user left open. After the library is loaded it changes nothing. */
export function setTensorFlowDefaults(): void {
  for (const [name, value] of Object.entries(DEFAULTS)) process.env[name] ??= value;
}

/** Threads that TensorFlow splits an operation among; 0 means as many as there are cores. */
export function threadsWithinAnOperation(): string {
  return process.env.TF_NUM_INTRAOP_THREADS ?? DEFAULTS.TF_NUM_INTRAOP_THREADS ?? "1";
}
