import * as z from "zod";

/** The number of the protocol between nanproof and a host. */
export const PROTOCOL = 1;

/** A number of which JSON lacks the infinite ones and NaN. */
export const jsonNumber = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const pair = z.tuple([z.int().min(0), z.int().min(0)]);
const choice = z.union([z.string(), z.number(), z.boolean()]);

/** A knob: what a hunt may vary. */
const knobSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("integer"), min: z.int(), max: z.int(), default: z.int() }),
  z.strictObject({ kind: z.literal("uniform"), min: z.number(), max: z.number(), default: z.number() }),
  z.strictObject({ kind: z.literal("logUniform"), min: z.number(), max: z.number(), default: z.number() }),
  z.strictObject({ kind: z.literal("choice"), choices: z.array(choice).min(1), default: choice }),
  z.strictObject({ kind: z.literal("lengths"), rows: pair, time: pair, default: z.array(z.int().min(0)) }),
]);

/** The values of knobs, by name. */
export const knobValuesSchema = z.record(z.string(), z.union([choice, z.array(z.number())]));

/** An intervention in every step of a case from outside of the program: a remedy that needs no line of it changed. */
const interventionSchema = z.strictObject({
  /** The gradients that the optimizer is given are scaled down to this global 2-norm. */
  clipNorm: z.number().positive().optional(),
  /** A step that ends with a number that is not finite is undone, and recorded as skipped. */
  skipNonFinite: z.boolean().optional(),
  /** The change of every weight is multiplied by this. */
  learningRateFactor: z.number().positive().optional(),
});

/** A remedy that needs no line of the program changed. */
export type Intervention = z.infer<typeof interventionSchema>;

/** An error, with the person's own line where it is known. */
const errorSchema = z.strictObject({
  kind: z.enum([
    "load",
    "knobs",
    "watch-never-called",
    "batch",
    "program",
    "unsupported",
    "restore",
    "fresh-process",
    "protocol",
    "swallowed",
  ]),
  message: z.string(),
  file: z.string().nullable(),
  line: z.int().nullable(),
  traceback: z.string().nullable(),
});

/** A knob, as JSON: the same in every language. */
export type KnobRecord = z.infer<typeof knobSchema>;

/** An error of a host, as JSON. */
export type HostError = z.infer<typeof errorSchema>;

/** The message that a host sends unasked, once the file is loaded. */
export const greetingSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("ready"),
    protocol: z.literal(PROTOCOL),
    host: z.enum(["javascript", "python"]),
    versions: z.record(z.string(), z.string()),
    file: z.strictObject({ name: z.string(), sha256: z.string() }),
    form: z.enum(["program", "script"]),
    knobs: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/), knobSchema),
    steps: z.int().min(1),
    invariants: z.array(z.strictObject({ name: z.string() })),
  }),
  z.strictObject({ type: z.literal("failed"), error: errorSchema }),
]);

/** The first message of a host. */
export type Greeting = z.infer<typeof greetingSchema>;

const id = z.int();
const path = z.string().min(1);

/** A request to a host. */
export const requestSchema = z.discriminatedUnion("type", [
  z.object({
    id,
    type: z.literal("open"),
    knobs: knobValuesSchema,
    seed: z.int().min(1),
    steps: z.int().min(1),
    /** Holds until the case is closed, for steps of the program's own and for those that are asked for. */
    intervention: interventionSchema.optional(),
  }),
  z.object({ id, type: z.literal("advance"), steps: z.int().min(1), keep: z.boolean().optional() }),
  z.object({ id, type: z.literal("digest") }),
  z.object({
    id,
    type: z.literal("save"),
    which: z.enum(["now", "before"]),
    state: path,
    batch: path.nullable().optional(),
  }),
  z.object({ id, type: z.literal("run"), state: path, batch: path, times: z.int().min(1) }),
  z.object({ id, type: z.literal("load"), state: path }),
  z.object({ id, type: z.literal("trace"), state: path, batch: path, out: path }),
  z.object({ id, type: z.literal("close") }),
  z.object({ id, type: z.literal("quit") }),
]);

/** A request to a host. */
export type HostRequest = z.infer<typeof requestSchema>;

/** A host's record of one step. */
export const recordSchema = z.strictObject({
  /** Counted from 1. */
  step: z.int().min(0),
  loss: jsonNumber,
  dead: z
    .strictObject({
      where: z.enum(["loss", "gradients", "weights", "slots"]),
      tensor: z.string().nullable(),
    })
    .nullable(),
  skipped: z.boolean(),
  gauges: z.record(z.string(), jsonNumber),
  /** Weights whose gradient is all 0. */
  zeroGradients: z.array(z.string()).optional(),
  /** Weights whose bits did not change. */
  frozen: z.array(z.string()).optional(),
  /** Invariants of the person's own that the step broke. */
  violated: z.array(z.strictObject({ name: z.string(), message: z.string() })).optional(),
});

/** The reply of a host to a request of a type. */
export type HostReply<T extends keyof typeof replySchemas> = z.infer<(typeof replySchemas)[T]>;

/** A record of one step. */
export type HostRecord = z.infer<typeof recordSchema>;

const tensor = z.strictObject({ name: z.string(), dtype: z.string(), shape: z.array(z.int().min(0)) });
const reply = { id, ok: z.literal(true) };

/** The replies of a host, by the type of the request. */
export const replySchemas = {
  open: z.strictObject({
    ...reply,
    state: z.array(
      z.strictObject({ ...tensor.shape, role: z.enum(["weight", "slot", "counter", "buffer", "random"]) }),
    ),
    batch: z.array(tensor),
    framework: z.enum(["tfjs", "torch", "keras", "tensorflow", "tensorflow1", "jax"]),
  }),
  advance: z.strictObject({
    ...reply,
    records: z.array(recordSchema),
    ended: z.enum(["finished", "dead", "error"]).nullable(),
    error: errorSchema.optional(),
  }),
  digest: z.strictObject({ ...reply, digest: z.string() }),
  save: z.strictObject(reply),
  run: z.strictObject({ ...reply, records: z.array(recordSchema), digests: z.array(z.string()) }),
  load: z.strictObject(reply),
  trace: z.strictObject({ ...reply, record: recordSchema, operations: z.int(), notes: z.array(z.string()) }),
  close: z.strictObject(reply),
  quit: z.strictObject(reply),
};

/** The reply of a host that cannot do what it was asked. */
export const refusalSchema = z.strictObject({ id, ok: z.literal(false), error: errorSchema });

/** Every message of the protocol, for its JSON Schema. */
export const messageSchema = z.union([
  greetingSchema,
  requestSchema,
  ...Object.values(replySchemas),
  refusalSchema,
]);
