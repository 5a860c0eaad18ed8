import type { StepNumber } from "../../explaining.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import { gateColumns } from "../cases/gates.ts";
import { layerShapes, targetWidth } from "../cases/shapes.ts";
import { isFresh } from "../cases/stepCase.ts";
import { tensorsOf, withNumbers } from "../shrinking/edits/numbers.ts";

/** The numbers of a step where its fixture writes them, as RFC 6901 points to them; those that are not 0 first. */
export function stepNumbers(step: CapturedStep): StepNumber<CapturedStep>[] {
  const pointers = pointersOf(step);
  const found = tensorsOf(step).flatMap((values, tensor) => {
    const pointer = pointers[tensor];
    if (pointer === undefined) return [];
    return Array.from(values, (value, index) => ({
      what: pointer(index),
      value,
      with: (other: number) => withNumbers(step, [{ tensor, index }], other),
    }));
  });
  return [...found.filter(({ value }) => value !== 0), ...found.filter(({ value }) => value === 0)];
}

/** For each tensor what points to an entry of it; undefined for moments that are not written. */
function pointersOf({
  case: { model },
  state,
  batch,
}: CapturedStep): (((index: number) => string) | undefined)[] {
  const shapes = layerShapes(model);
  const ofLayers = (part: string, written: boolean) =>
    shapes.flatMap(({ units }, layer) => {
      const at = `/case/init/${part}/${layer}`;
      const columns = gateColumns(units);
      const kernel = (index: number) => `${at}/kernel/${Math.floor(index / columns)}/${index % columns}`;
      return written ? [kernel, (index: number) => `${at}/bias/${index}`] : [undefined, undefined];
    });
  const ofBatch = (name: string, width: number) => (index: number) => {
    const place = Math.floor(index / width);
    const row = Math.floor(place / batch.time);
    return `/case/data/batches/0/${name}/${row}/${place % batch.time}/${index % width}`;
  };
  const moments = state.firstMoment.length > 0;
  return [
    ...ofLayers("weights", true),
    ...(moments ? ofLayers("firstMoment", !isFresh(state)) : []),
    ...(moments ? ofLayers("secondMoment", !isFresh(state)) : []),
    ofBatch("x", model.inputs),
    ofBatch("y", targetWidth(model)),
  ];
}
