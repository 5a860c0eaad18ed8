import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  NATIVE_PACKAGES,
  TFJS_NODE_VERSION,
} from "../../src/programs/lstm/engines/tfjs/native/nativeFolder.ts";
import { buildBinding } from "./buildBinding.ts";
import type { Plan } from "./plan.ts";
import { CUDA } from "./releases.ts";
import { takeCuda, takeTensorFlow } from "./takeLibraries.ts";
import { LOCK_FILE, takePackage } from "./takePackage.ts";

/** A part of the work. It is left out where it was done before, and can be interrupted and started again. */
export interface Step {
  title: string;
  done: boolean;
  run: (plan: Plan) => Promise<void>;
}

/** The steps of a plan, in order. */
export function stepsOf({ folder, packageFolder, release, variant, withCuda }: Plan): Step[] {
  const { name, version, megabytes } = release.tensorflow;
  const isThere = (...path: string[]) => existsSync(join(packageFolder, ...path));
  const cudaMegabytes = CUDA.wheels.reduce((sum, wheel) => sum + wheel.megabytes, 0);
  const cuda: Step = {
    title: `CUDA 12.2 and cuDNN 8.9 from ${CUDA.wheels.length} wheels (${cudaMegabytes} MB)`,
    done: isThere("deps", "nvidia"),
    run: takeCuda,
  };
  return [
    {
      title: `${NATIVE_PACKAGES[variant]} ${TFJS_NODE_VERSION} from npm, its install script off`,
      done: existsSync(join(folder, LOCK_FILE)),
      run: takePackage,
    },
    {
      title: `C library and headers from ${name} ${version} (${megabytes} MB)`,
      done: isThere("deps", "lib"),
      run: takeTensorFlow,
    },
    ...(withCuda ? [cuda] : []),
    {
      title: "the binding, built with node-gyp",
      done: isThere("lib", "napi-v8", "tfjs_binding.node"),
      run: buildBinding,
    },
  ];
}
