import type { TraceValue } from "../../trace/trace.ts";
import { fileDtype, view } from "./numbers.ts";
import type { DataId, Tensor } from "./types.ts";

type Statistics = Pick<TraceValue, "max" | "low" | "high" | "nan" | "inf" | "zeros">;

/** Gives contents their numbers, names and statistics, each counted once. */
export class Values {
  private readonly ids = new WeakMap<DataId, number>();
  private readonly names = new WeakMap<DataId, string>();
  private readonly known = new WeakMap<DataId, Statistics>();
  private next = 0;

  /** Calls contents by a name, as those of a leaf of the step. */
  name(tensor: Tensor, name: string): void {
    this.names.set(tensor.dataId, name);
  }

  /** The number of contents. */
  id(dataId: DataId): number {
    const known = this.ids.get(dataId);
    if (known !== undefined) return known;
    const id = this.next++;
    this.ids.set(dataId, id);
    return id;
  }

  /** Describes a tensor for a trace. */
  describe(tensor: Tensor): TraceValue {
    const statistics = this.known.get(tensor.dataId) ?? statisticsOf(tensor);
    this.known.set(tensor.dataId, statistics);
    return {
      id: this.id(tensor.dataId),
      name: this.names.get(tensor.dataId) ?? null,
      dtype: fileDtype(tensor) ?? tensor.dtype,
      shape: [...tensor.shape],
      ...statistics,
    };
  }
}

function statisticsOf(tensor: Tensor): Statistics {
  const found = {
    max: 0,
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    nan: 0,
    inf: 0,
    zeros: 0,
  };
  if (tensor.dtype === "string") return { ...found, low: 0, high: 0 };
  const values = view(tensor);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (Number.isNaN(value)) {
      found.nan++;
      continue;
    }
    const magnitude = Math.abs(value);
    if (magnitude === Number.POSITIVE_INFINITY) found.inf++;
    else if (magnitude > found.max) found.max = magnitude;
    if (value === 0) found.zeros++;
    if (value < found.low) found.low = value;
    if (value > found.high) found.high = value;
  }
  // Nothing but NaN, or nothing at all, has no smallest and no largest.
  return found.low > found.high ? { ...found, low: Number.NaN, high: Number.NaN } : found;
}
