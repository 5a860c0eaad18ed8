import type { CaseFiles, Program } from "../program.ts";
import type { DataSource } from "./cases/batch.ts";
import type { CapturedStep } from "./cases/capturedStep.ts";
import { openData } from "./cases/data.ts";
import type { TrainingCase } from "./cases/schema.ts";
import { caseSize } from "./cases/size.ts";
import { initialState } from "./cases/state.ts";
import { stepCase } from "./cases/stepCase.ts";
import { storedTensors } from "./cases/storedTensors.ts";
import { trainingCaseSchema } from "./cases/trainingCase.ts";
import { writtenNumbers } from "./cases/writtenNumbers.ts";
import { dataPlace } from "./diagnosis/dataPlace.ts";
import { type Diagnosis, unexamined, violationOf } from "./diagnosis/diagnosis.ts";
import { examineStep } from "./diagnosis/examine.ts";
import { deathSentence, siteSentence } from "./diagnosis/words.ts";
import { ENGINE_NAMES, type Engine } from "./engines/engine.ts";
import { sessionOf } from "./engines/session.ts";
import { stepWork } from "./engines/work.ts";
import { explaining } from "./explaining/explaining.ts";
import { isCaseFile, readCaseFix } from "./fixes/caseFix.ts";
import { fixes, fixNamed } from "./fixes/fixes.ts";
import { loadFix } from "./fixes/fixModule.ts";
import { changesWhatIsTrained, scopesOf } from "./fixes/fixScope.ts";
import { sibling } from "./fixes/sibling.ts";
import { fixtureParts } from "./fixtureParts.ts";
import { generation } from "./generation/generation.ts";
import { heatOf } from "./generation/heat.ts";
import { onBatch } from "./shrinking/edits/batch.ts";
import { stepSize } from "./shrinking/edits/numbers.ts";
import { runSentence } from "./shrinking/runSentence.ts";
import { runShrinking } from "./shrinking/runShrinking.ts";
import { stepGrowthIn, stepSentence } from "./shrinking/sentence.ts";
import { stepShrinking } from "./shrinking/stepShrinking.ts";

import { trials } from "./trials/trials.ts";

/** Batches opened last with some files: a text takes long to read, and the runs of a shrink share one. */
const opened = new WeakMap<CaseFiles, { of: string; data: DataSource }>();

/** The network of Stack Overflow 51038266 and its kin: stacked LSTM cells, a cosine loss. Its hosts are the engines. */
export const lstm: Program<TrainingCase, CapturedStep, Diagnosis> = {
  name: "lstm",
  hostNames: ENGINE_NAMES,
  caseSchema: trainingCaseSchema,
  fixtureParts,
  generation,
  shrinking: stepShrinking,
  runShrinking,
  explaining,
  trials,
  remedies: {
    fixes,
    find: async (nameOrPath) =>
      fixNamed(nameOrPath) ?? (isCaseFile(nameOrPath) ? readCaseFix(nameOrPath) : loadFix(nameOrPath)),
    scopesOf,
    changesWhatIsTrained,
    sibling,
    judged: (fixed) => ({ ...fixed, optimizer: { ...fixed.optimizer, skipNonFinite: false } }),
  },
  words: {
    because: deathSentence,
    where: ({ site, operation }, testCase) => (site === null ? operation : siteSentence(site, testCase)),
  },
  open(engine: Engine, testCase, files) {
    const data = dataOf(testCase, files);
    return sessionOf(engine, testCase, engine.start(testCase, initialState(testCase, files.binary)), data);
  },
  examine: (engine: Engine, step) => examineStep(engine, step),
  unexamined: (step, record) => unexamined(step.case, record),
  violation: violationOf,
  dataPlace,
  stepCase,
  stepSize,
  alone: (step) => onBatch(step, step.batch),
  batchSize: ({ batch: { rows, time } }) => ({ rows, time }),
  stepSentence: (step, death, engine: Engine | null) =>
    stepSentence(step, death, engine === null ? undefined : stepGrowthIn(engine, step, death)),
  runSentence: (testCase, step, death, engine: Engine) =>
    runSentence(testCase, stepSentence(step, death, stepGrowthIn(engine, step, death))),
  caseSize: (testCase, binary) => caseSize(testCase, writtenNumbers(testCase, binary)),
  stepOfCase(testCase) {
    const batch = openData(testCase, { folder: "." }).batch(0);
    return onBatch({ case: testCase, state: initialState(testCase), batch }, batch);
  },
  namedFiles: ({ data }) =>
    data.kind === "text" && data.source.kind === "file"
      ? [{ field: "data.source.path", path: data.source.path }]
      : [],
  storedTensors,
  stepWork: (testCase, engine: Engine) => stepWork(testCase, engine.name),
  heat: heatOf,
};

function dataOf(testCase: TrainingCase, files: CaseFiles): DataSource {
  const { data, model } = testCase;
  const of = JSON.stringify([data, model.inputs, model.layers.at(-1)?.units]);
  const known = opened.get(files);
  if (known?.of === of) return known.data;
  const source = openData(testCase, files);
  opened.set(files, { of, data: source });
  return source;
}
