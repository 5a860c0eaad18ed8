import type { Site } from "./site.ts";
import type { TensorName, TraceGroup } from "./trace.ts";

/** The moments of a parameter that an update writes. */
const MOMENTS: Readonly<Partial<Record<TensorName, readonly TensorName[]>>> = {
  updatedKernel: ["kernelFirstMoment", "kernelSecondMoment"],
  updatedBias: ["biasFirstMoment", "biasSecondMoment"],
};

/** True where both of Adam's moments of an updated parameter are 0: with an epsilon of 0 its update is 0 / 0. */
export function hasZeroMoments({ tensor, row, unit }: Site, { tensors }: TraceGroup): boolean {
  const names = MOMENTS[tensor] ?? [];
  const found = names.map((name) => tensors.find((one) => one.name === name));
  return (
    found.length > 0 && found.every((one) => one !== undefined && one.values[row * one.columns + unit] === 0)
  );
}
