import { expect, test } from "vitest";
import { gpuRemedy, librariesMissing } from "./gpu.ts";

/** Output of TensorFlow 2.15.1 for GPUs, with GPU_LOG set, on a machine without CUDA and without a driver. */
const LOG = `2026-11-24 15:34:10.798851: I external/local_tsl/tsl/platform/default/dso_loader.cc:63] Could not load dynamic library 'libcudart.so.12'; dlerror: libcudart.so.12: cannot open shared object file: No such file or directory
2026-11-24 15:34:10.800691: I external/local_tsl/tsl/cuda/cudart_stub.cc:31] Could not find cuda drivers on your machine, GPU will not be used.
2026-11-24 15:34:11.026925: I external/local_tsl/tsl/platform/default/dso_loader.cc:63] Could not load dynamic library 'libcuda.so.1'; dlerror: libcuda.so.1: cannot open shared object file: No such file or directory
2026-11-24 15:34:11.026926: I external/local_tsl/tsl/platform/default/dso_loader.cc:63] Could not load dynamic library 'libcuda.so.1'; dlerror: libcuda.so.1: cannot open shared object file: No such file or directory
`;

test("the libraries that TensorFlow's log names, each once", () => {
  expect(librariesMissing(LOG)).toEqual(["libcudart.so.12", "libcuda.so.1"]);
  expect(librariesMissing("Could not find cuda drivers on your machine")).toEqual([]);
});

test("the plain package, CUDA's libraries and the driver each have their own remedy", () => {
  expect(gpuRemedy("cpu", [])).toBe("npm run native -- --gpu");
  const driver = "install NVIDIA's driver with the system's own package manager";
  expect(gpuRemedy("gpu", ["libcudart.so.12"])).toBe("npm run native -- --gpu --with-cuda");
  expect(gpuRemedy("gpu", ["libcuda.so.1"])).toBe(driver);
  expect(gpuRemedy("gpu", ["libcudart.so.12", "libcuda.so.1"])).toBe(
    `npm run native -- --gpu --with-cuda, and ${driver}`,
  );
  expect(gpuRemedy("gpu", [])).toBeNull();
});
