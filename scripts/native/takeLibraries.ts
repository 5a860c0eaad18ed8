import { renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fetchWheels } from "./fetchWheels.ts";
import type { Plan } from "./plan.ts";
import { CUDA } from "./releases.ts";
import { unpack } from "./unpack.ts";

/** Include files of the C interface, and what they include. */
const HEADERS = /^tensorflow\/(include\/(?:tensorflow\/c\/|tsl\/|tensorflow\/core\/platform\/ctstring).*)$/;
const LIBRARIES = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/;

/** Unpacks TensorFlow's C library and headers into the package's `deps`, where its binding looks for them. */
export async function takeTensorFlow({ release, wheels, packageFolder }: Plan): Promise<void> {
  const [wheel = ""] = await fetchWheels([release.tensorflow], wheels);
  const part = join(packageFolder, "deps.part");
  rmSync(part, { recursive: true, force: true });
  await unpack(wheel, part, (entry) => {
    const library = LIBRARIES.exec(entry)?.[1];
    return library === undefined ? (HEADERS.exec(entry)?.[1] ?? null) : `lib/${library}`;
  });
  // The names that the linker looks for; at run time the libraries' own names count.
  symlinkSync("libtensorflow_cc.so.2", join(part, "lib", "libtensorflow.so"));
  symlinkSync("libtensorflow_framework.so.2", join(part, "lib", "libtensorflow_framework.so"));
  renameSync(part, join(packageFolder, "deps"));
}

/** Unpacks CUDA's libraries beside `deps/lib`: TensorFlow's run path names $ORIGIN/../nvidia/<package>/lib. */
export async function takeCuda({ wheels, packageFolder }: Plan): Promise<void> {
  const files = await fetchWheels(CUDA.wheels, wheels);
  const part = join(packageFolder, "deps", "nvidia.part");
  rmSync(part, { recursive: true, force: true });
  for (const file of files) await unpack(file, part, (entry) => /^nvidia\/(.+)$/.exec(entry)?.[1] ?? null);
  renameSync(part, join(packageFolder, "deps", "nvidia"));
}
