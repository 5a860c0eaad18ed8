import { readFileSync } from "node:fs";
import { start } from "./nanproof/start.mjs";
import { batchLike, readTensors } from "./nanproof/tensors.mjs";

const file = (name) => readFileSync(new URL(name, import.meta.url));

function report(loss, training) {
  const ends = [];
  for (const [part, name, numbers] of [["loss", "", [loss]], ...training.numbers()]) {
    const wrong = Array.from(numbers, Number).filter((number) => !Number.isFinite(number));
    if (wrong.length === 0) continue;
    ends.push(`${part}: expected finite, got ${Number.isNaN(wrong[0]) ? "nan" : "inf"}`);
    console.log(`not finite: ${wrong.length} of ${numbers.length} in ${part} ${name}`.trimEnd());
  }
  console.log(ends[0] ?? `finite: the loss is ${loss}, and so are all weights`);
  return ends.length > 0 ? 1 : 0;
}

await start(JSON.parse(file("case.json")), (training, batch, random) => {
  const state = readTensors(file("state.safetensors"));
  training.restore(state);
  random.restore(state);
  const result = training.run(batchLike(batch, readTensors(file("batch.safetensors"))));
  if (typeof result?.then !== "function") return report(training.lossOf(result), training);
  return result.then((given) => report(training.lossOf(given), training));
});
