import { INSTALL_NATIVE } from "./install.ts";
import { NATIVE_PACKAGES, TFJS_NODE_VERSION, type Variant } from "./nativeFolder.ts";

/** Libraries that come with NVIDIA's driver, and in no package of npm or PyPI. */
const DRIVER = /^libcuda\.so/;

/**
 * Settings with which TensorFlow says which libraries of CUDA it could not load. It looks for them when it
 * first counts the devices, and names them at this level of its log alone.
 */
export const GPU_LOG = { TF_CPP_MIN_LOG_LEVEL: "0", TF_CPP_VMODULE: "dso_loader=1" } as const;

/** The libraries that TensorFlow's log says it could not load, in its order and each once. */
export function librariesMissing(log: string): string[] {
  const names = [...log.matchAll(/Could not load dynamic library '([^']+)'/g)].map(([, name = ""]) => name);
  return [...new Set(names)];
}

/** Advice that brings a GPU nearer, by the libraries that are missing; null where there is none to give. */
export function gpuRemedy(variant: Variant, missing: readonly string[]): string | null {
  const isRepository = INSTALL_NATIVE.startsWith("npm run");
  if (variant === "cpu")
    return isRepository
      ? `${INSTALL_NATIVE} -- --gpu`
      : `npm install ${NATIVE_PACKAGES.gpu}@${TFJS_NODE_VERSION}`;
  const cuda = isRepository
    ? `${INSTALL_NATIVE} -- --gpu --with-cuda`
    : "install CUDA 12.2 and cuDNN 8.9 for the system";
  const parts = [
    ...(missing.some((name) => !DRIVER.test(name)) ? [cuda] : []),
    ...(missing.some((name) => DRIVER.test(name))
      ? ["install NVIDIA's driver with the system's own package manager"]
      : []),
  ];
  return parts.length > 0 ? parts.join(", and ") : null;
}
