import type { Batch, DataSource } from "../cases/batch.ts";
import type { ModelSpec, TextSpec } from "../cases/schema.ts";
import { targetWidth } from "../cases/shapes.ts";
import { batchCount, batchRows, embedBatch } from "./batches.ts";
import { chooseEmbedding } from "./chooseEmbedding.ts";
import { type PreparedText, prepareText, readSource } from "./prepareText.ts";
import { vectorTable } from "./vectorTable.ts";

/**
 * Next-word prediction on real text: inputs are the vectors of a sentence's words, targets those of the
 * words that follow. Sentences are cut, shuffled and split once; the batches are the same in
 * every epoch, as in the original program, and embedded when they are asked for.
 * @param folder Where a relative path of the source starts.
 * @throws UsageError when the text or the embedding cannot be read, does not fit, or leaves nothing to train on.
 */
export function textData(spec: TextSpec, model: ModelSpec, folder: string): DataSource {
  const openEmbedding = chooseEmbedding(spec.embedding, model);
  const source = readSource(spec, folder);
  const embedding = openEmbedding(source.corpus.words);
  const text = prepareText(source, spec, (word) => embedding.knows(word));
  const widths = { inputs: model.inputs, targets: targetWidth(model) };
  const table = vectorTable(text.vocabulary, embedding, widths);
  const count = batchCount(text.partition.training.length, spec.batch);
  const embed = (order: Int32Array, index: number): Batch =>
    embedBatch(text.rows, batchRows(order, index, spec.batch), table);
  return {
    batchesPerEpoch: count,
    batch: (step) => embed(text.partition.training, step % count),
    validation: function* () {
      const kept = batchCount(text.partition.validation.length, spec.batch);
      for (let index = 0; index < kept; index++) yield embed(text.partition.validation, index);
    },
    description: describe(text, spec),
    ...(source.reading && { text: source.reading }),
  };
}

/** One line for a person: what was read and how much of it is trained. */
function describe({ name, corpus, vocabulary, rows, partition }: PreparedText, spec: TextSpec): string {
  const longest = rows.starts.reduce(
    (most, start, row) => Math.max(most, (rows.ends[row] ?? 0) - start - 1),
    0,
  );
  const unknown = corpus.tokens.reduce((sum, token) => sum + (vocabulary.ids[token] === 0 ? 1 : 0), 0);
  const parts = [
    plural(corpus.starts.length - 1, "sentence"),
    plural(corpus.tokens.length, "word"),
    `vocabulary ${vocabulary.words.length - 1}`,
    ...(unknown > 0
      ? [`${plural(unknown, "unknown word")} ${spec.unknown === "drop" ? "dropped" : "as zeros"}`]
      : []),
    `${plural(batchCount(partition.training.length, spec.batch), "batch", "batches")} an epoch`,
    ...(partition.validation.length > 0
      ? [`${plural(partition.validation.length, "row")} kept for validation`]
      : []),
    `longest row ${longest}`,
  ];
  return `${name}: ${parts.join(", ")}`;
}

function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}
