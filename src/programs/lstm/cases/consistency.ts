import type * as z from "zod";
import { LIMITS } from "../../../documents/limits.ts";
import { quotedPath } from "../../../documents/printable.ts";
import { mapParameters, STATE_PARTS } from "./parameters.ts";
import type { ParametersJson, TensorJson, TrainingCase } from "./schema.ts";
import { parameterCount, targetWidth } from "./shapes.ts";

/** The keys and indices that lead to a field of a document. */
export type Path = (string | number)[];
/** Receives a complaint about a field. */
export type Report = (path: Path, message: string) => void;

/** Reports what is wrong with the fields of a case taken together: total sizes, shapes, positions inside rows. */
export function checkConsistency(testCase: TrainingCase, context: z.RefinementCtx): void {
  const report: Report = (path, message) =>
    context.addIssue({ code: "custom", path, message, input: undefined });
  checkModelSize(testCase, report);
  checkInit(testCase, report);
  checkData(testCase, report);
}

function checkModelSize({ model }: TrainingCase, report: Report): void {
  const count = parameterCount(model);
  if (count > LIMITS.parameters)
    report(
      ["model", "layers"],
      `has ${count} kernel and bias entries in all, over the bound of ${LIMITS.parameters}: use fewer units or layers`,
    );
}

function checkInit({ init, model, optimizer }: TrainingCase, report: Report): void {
  if (init.kind !== "explicit") return;
  for (const name of STATE_PARTS) {
    const values = init[name];
    if (values !== undefined) checkParameters(values, model, ["init", name], report);
  }
  if ((init.firstMoment === undefined) !== (init.secondMoment === undefined))
    report(["init"], "has one of firstMoment and secondMoment: give both or neither");
  if (init.firstMoment !== undefined && optimizer.kind !== "adam")
    report(
      ["init", "firstMoment"],
      `does not go with optimizer ${optimizer.kind}, which keeps no moments: leave it out`,
    );
}

/** Reports where kernels and biases do not have the shapes that the model asks for. */
export function checkParameters(
  values: ParametersJson,
  model: TrainingCase["model"],
  path: Path,
  report: Report,
): void {
  const layers = model.layers.length;
  if (values.length !== layers) {
    report(path, `has ${values.length} layers, the model has ${layers}: give one entry a layer`);
    return;
  }
  mapParameters(model, ({ name, layer, shape }) =>
    checkShape(values[layer]?.[name], shape, [...path, layer, name], report),
  );
}

function checkData({ data, model }: TrainingCase, report: Report): void {
  if (data.kind === "text") {
    if (data.source.kind === "file") checkPath(data.source.path, ["data", "source", "path"], report);
    else if (data.split !== undefined)
      report(
        ["data", "split"],
        `is ${JSON.stringify(data.split)}, but the Brown corpus comes in sentences: leave it out, or name a text file`,
      );
    checkBatchSize(model, data.batch, data.maxLength, ["data"], report);
    return;
  }
  const widths = model.inputs + targetWidth(model);
  let numbers = 0;
  data.batches.forEach((batch, index) => {
    const path = ["data", "batches", index];
    const rows = "rows" in batch ? batch.rows.length : batch.lengths.length;
    numbers += rows * batch.time * widths;
    checkBatchSize(model, rows, batch.time, path, report);
    const within = (value: number, bound: number, field: Path, noun: string) => {
      if (value > bound)
        report([...path, ...field], `is ${value}, past the ${batch.time} timesteps of the batch: ${noun}`);
    };
    if ("rows" in batch) {
      batch.rows.forEach((row, r) => {
        within(row.length, batch.time, ["rows", r, "length"], "shorten the row or widen the batch");
        for (const field of ["holes", "zeroTargets"] as const)
          row[field].forEach((t, i) => {
            within(t, batch.time - 1, ["rows", r, field, i], "name a timestep inside the batch");
          });
      });
      return;
    }
    batch.lengths.forEach((length, r) => {
      within(length, batch.time, ["lengths", r], "shorten the row or widen the batch");
    });
    checkShape(batch.x, [rows, batch.time, model.inputs], [...path, "x"], report);
    checkShape(batch.y, [rows, batch.time, targetWidth(model)], [...path, "y"], report);
  });
  if (numbers > LIMITS.dataNumbers)
    report(
      ["data", "batches"],
      `holds ${numbers} numbers, over the bound of ${LIMITS.dataNumbers}: use fewer or smaller batches`,
    );
}

function checkBatchSize(
  model: TrainingCase["model"],
  rows: number,
  time: number,
  path: Path,
  report: Report,
): void {
  const units = model.layers.reduce((sum, layer) => sum + layer.units, model.inputs);
  const activations = rows * time * units;
  if (activations > LIMITS.activations)
    report(
      path,
      `needs ${rows} rows x ${time} timesteps x ${units} inputs and units = ${activations} activations, over the bound of ${LIMITS.activations}: use fewer rows, timesteps or units`,
    );
}

/** A path inside a case stays in the folder of its file: relative, and never upwards. */
function checkPath(path: string, field: Path, report: Report): void {
  const parts = path.split(/[\\/]/);
  if (/^([\\/]|[A-Za-z]:)/.test(path) || parts.includes("..") || path.includes("\0"))
    report(
      field,
      `is ${quotedPath(path)}, which leaves the folder of this file: use a relative path without ".."`,
    );
}

/** Reports where nested lists do not have a shape; a tensor kept in a binary file is left to its reader. */
export function checkShape(
  tensor: TensorJson | undefined,
  shape: number[],
  path: Path,
  report: Report,
): void {
  if (tensor === undefined || !Array.isArray(tensor)) return;
  const [expected, ...inner] = shape;
  if (tensor.length !== expected) {
    report(
      path,
      `has ${tensor.length} entries where its shape asks for ${expected}: give shape [${shape.join(", ")}]`,
    );
    return;
  }
  if (inner.length === 0) return;
  const wrong = tensor.findIndex((item) => !Array.isArray(item) || item.length !== inner[0]);
  if (wrong >= 0) {
    const item = tensor[wrong] as unknown[];
    report(
      [...path, wrong],
      `has ${item.length} entries where its shape asks for ${inner[0]}: give shape [${inner.join(", ")}]`,
    );
    return;
  }
  if (inner.length === 2)
    tensor.forEach((item, index) => {
      checkShape(item as TensorJson, inner, [...path, index], report);
    });
}
