"""Records the original TF1 program on one case, tolerances included, as in `fixtures/recordings/`.

    python -m pip install tensorflow-cpu==2.15.1 "numpy<2"
    python scripts/record.py CASE.json [-o OUT.json] [--reruns 4]

CASE.json is one of
- a case: name, inputs, layers, batch, time, lengths, axis, learningRate, steps, and at will l2, clipNorm, inputScale,
  initScale, freshBatches, zeroInputs, zeroTargets, seed; weights and batches are drawn (`draw`);
- a recording, or any object with `case`, `initialWeights` and `batches`: those numbers are run;
- a TrainingCase (schemaVersion 1) with explicit numbers; what TF1's program has no counterpart for is refused.

The program (tf.compat.v1, graph mode): MultiRNNCell of BasicLSTMCell (kernel [inputs + units, 4 units], gates i, j, f,
o, forget bias 1), dynamic_rnn with sequence_length, cosine_distance of l2_normalized targets and outputs, plus l2 times
the sum of l2_loss over kernels and biases, clip_by_global_norm, AdamOptimizer. Step s, from 0, trains on
batches[s % len(batches)]. The recording ends after `steps` steps, or with the first that leaves a weight not finite.

Agreement with fixtures/recordings/ (each of the 20 files re-recorded on one processor, 4 reruns, and compared with
itself): the same steps of death; the first outputs bit for bit; every number within 0.041 of its recorded tolerance,
final weights within 0.001. Of 1012 step tolerances 958 are the floor in both; of the other 54 (new over recorded:
median 0.99, from 0.14 to 7.6) 33 lie within a factor of 2: few reruns of a chaotic run give no more than the order of
size. All 78 tolerances of final weights agree to 1 %. A tolerance that is not finite (the number is not, or a rerun
died early) is written "Infinity"; no recording has one so far.

Exit codes: 0 recorded; 2 bad input, or no TensorFlow.
"""

import argparse
import json
import os
import sys
import warnings
from pathlib import Path

PIP = 'python -m pip install tensorflow-cpu==2.15.1 "numpy<2"'
try:
    import numpy as np
except ImportError:
    print(f"record.py: numpy is missing; {PIP}", file=sys.stderr)
    sys.exit(2)

AXES = {"time": 1, "embedding": 2}
NAMED = ("NaN", "Infinity", "-Infinity", "-0")
QUANTITIES = ("loss", "cosineDistance", "gradientNorm", "weightNorm")
FLOAT32_END = 2.0**128 - 2.0**103  # from here on float32 rounds to infinity


class Refusal(Exception):
    """Input that cannot be recorded; the message names the field, its value and the remedy."""


# A spec says what JSON may be: (check, remedy), [spec of every item, least length] or {field or "optional?": spec}.


def whole(least):
    """The spec of a whole number."""
    return lambda value: type(value) is int and least <= value < 2**31, f"give a whole number >= {least}"


def real(holds, text):
    """The spec of a number that float32 can hold."""
    number = (int, float)
    return lambda value: type(value) in number and abs(value) < FLOAT32_END and holds(value), f"give a float32 {text}"


def one_of(*values):
    """The spec of a closed set of values, all that TF1's program has."""
    known = [(type(value) is bool, value) for value in values]  # or else True would pass for 1
    remedy = f"TF1's program has only {' or '.join(map(json.dumps, values))}: set it so"
    return lambda value: (type(value) is bool, value) in known, remedy


ANY = (lambda value: True, "")
EXPLICIT = (lambda value: value == "explicit", 'write its numbers out, as kind "explicit"')
FRESH = "TF1's Adam starts at step 0 without moments: record the run from its start"
SIZE, INDEX = whole(1), whole(0)
RATE = real(lambda value: value >= 0, "number >= 0")
LIMIT = real(lambda value: value > 0, "number > 0")
LAYERS = [{"units": SIZE, "activation": one_of("relu", "tanh", "sigmoid", "linear")}, 1]
CASE = {
    "name": (lambda value: isinstance(value, str), "give a string"), "inputs": SIZE, "layers": LAYERS, "batch": SIZE,
    "time": SIZE, "lengths": [INDEX, 0], "axis": one_of(*AXES.values()), "learningRate": RATE, "steps": SIZE,
    "l2?": RATE, "clipNorm?": LIMIT, "inputScale?": RATE, "initScale?": RATE, "freshBatches?": one_of(False, True),
    "zeroInputs?": [[INDEX, 2], 0], "zeroTargets?": [[INDEX, 2], 0], "seed?": INDEX,
}
PARAMETERS = [{"kernel": ANY, "bias": ANY}, 1]
BATCH = {"lengths": [INDEX, 1], "x": ANY, "y": ANY}
TRAINING_CASE = {
    "schemaVersion": one_of(1),
    "model": {"inputs": SIZE, "layers": LAYERS, "forgetBias": one_of(1)},
    "init": {
        "kind": EXPLICIT, "step": (lambda value: value == 0, FRESH), "weights": PARAMETERS,
        "firstMoment?": (lambda value: False, FRESH), "secondMoment?": (lambda value: False, FRESH),
    },
    "data": {"kind": EXPLICIT, "batches": [{"time": SIZE, **BATCH}, 1]},
    "loss": {
        "kind": one_of("cosine"), "axis": one_of(*AXES), "normalise": {"kind": one_of("tensorflow")},
        "padding": one_of("counted"), "l2": RATE,
    },
    "optimizer": {
        "kind": one_of("adam"), "form": one_of("tf1"), "learningRate": RATE, "beta1": one_of(0.9),
        "beta2": one_of(0.999), "epsilon": one_of(1e-8), "skipNonFinite": one_of(False),
        "clip": {"kind": one_of("none", "globalNorm"), "limit?": LIMIT},
    },
    "steps": SIZE,
}


def want(holds, where, value, remedy):
    """Refuses `value`, which stands at `where`, unless `holds`."""
    if not holds:
        shown = json.dumps(value)
        raise Refusal(f"{where} is {shown if len(shown) <= 60 else shown[:57] + '...'}; {remedy}")


def check(value, spec, where):
    """Refuses JSON that is not as its spec says; unknown fields are refused."""
    if isinstance(spec, dict):
        want(isinstance(value, dict), where, value, "give an object")
        known = {name.rstrip("?"): (inner, name.endswith("?")) for name, inner in spec.items()}
        for name, (inner, optional) in known.items():
            if name in value:
                check(value[name], inner, f"{where}.{name}")
            elif not optional:
                raise Refusal(f"{where}.{name} is missing; give it")
        for name in value:
            want(name in known, f"{where}.{name}", value[name], "TF1's program has no counterpart: leave it out")
    elif isinstance(spec, list):
        want(isinstance(value, list) and len(value) >= spec[1], where, value, f"give a list of at least {spec[1]}")
        for at, item in enumerate(value):
            check(item, spec[0], f"{where}[{at}]")
    else:
        want(spec[0](value), where, value, spec[1])


def check_case(case):
    """Refuses a case with a missing, unknown or impossible field."""
    check(case, CASE, "case")
    if case["lengths"] or not case.get("freshBatches"):
        check_lengths(case["lengths"], "case.lengths", case)
    for name in ("zeroInputs", "zeroTargets"):
        for hole in case.get(name, []):
            inside = len(hole) == 2 and hole[0] < case["batch"] and hole[1] < case["time"]
            want(inside, f"case.{name}", hole, "give [row, timestep] inside the batch")


def check_lengths(lengths, where, case):
    """Refuses lengths (whole numbers >= 0) that are not one for each row, or exceed the padded width."""
    holds = len(lengths) == case["batch"] and max(lengths) <= case["time"]
    want(holds, where, lengths, f"give one length for each of {case['batch']} rows, none past {case['time']}")


def tensor(value, where, shape):
    """Nested lists of numbers (or their names, `NAMED`) as a float32 array of this shape."""
    try:
        items = np.array(value, dtype=object)
    except ValueError:  # ragged
        items = np.empty(0)
    want(items.shape == shape, where, value, f"give nested lists of shape {list(shape)}")
    for item in items.flat:
        number = type(item) in (int, float) and abs(item) < FLOAT32_END
        want(number or item in NAMED, where, item, f"give float32 numbers, or the names {', '.join(NAMED)}")
    return items.astype(np.float32)


def kernel_shapes(case):
    """The kernel shape of every layer, [inputs + units, 4 units]."""
    units = [layer["units"] for layer in case["layers"]]
    return [(below + own, 4 * own) for below, own in zip([case["inputs"], *units], units)]


def read_weights(layers, where, case):
    """The weights in TF's order: kernel [inputs + units, 4 units], bias [4 units], layer by layer."""
    check(layers, PARAMETERS, where)
    shapes, weights = kernel_shapes(case), []
    want(len(layers) == len(shapes), where, layers, f"give {len(shapes)} layers, as the model has")
    for at, (layer, shape) in enumerate(zip(layers, shapes)):
        weights.append(tensor(layer["kernel"], f"{where}[{at}].kernel", shape))
        weights.append(tensor(layer["bias"], f"{where}[{at}].bias", shape[1:]))
    return weights


def read_batches(batches, where, case):
    """The batches: x [batch, time, inputs], y [batch, time, units of the top layer], lengths [batch]."""
    check(batches, [BATCH, 1], where)
    shape, read = (case["batch"], case["time"]), []
    for at, batch in enumerate(batches):
        check_lengths(batch["lengths"], f"{where}[{at}].lengths", case)
        same = case["lengths"] in ([], batch["lengths"])
        want(same, f"{where}[{at}].lengths", batch["lengths"], "give case.lengths, or set those to [] and freshBatches")
        x = tensor(batch["x"], f"{where}[{at}].x", (*shape, case["inputs"]))
        y = tensor(batch["y"], f"{where}[{at}].y", (*shape, case["layers"][-1]["units"]))
        read.append({"x": x, "y": y, "lengths": batch["lengths"]})
    return read


def draw(case):
    """Weights and batches for a case, from default_rng(seed).

    Kernels are Glorot uniform times initScale, biases zero; x is normal times inputScale, y normal, both zero in the
    padding and at zeroInputs, zeroTargets. With freshBatches every step has its own batch; `lengths: []` draws 1..time.
    """
    check_case(case)
    rng = np.random.default_rng(case.get("seed", 0))
    weights = []
    for rows, columns in kernel_shapes(case):
        kernel = rng.uniform(-1, 1, (rows, columns)) * np.sqrt(6 / (rows + columns)) * case.get("initScale", 1)
        weights.append({"kernel": kernel.tolist(), "bias": [0.0] * columns})
    batches = [draw_batch(case, rng) for _ in range(case["steps"] if case.get("freshBatches") else 1)]
    return {"case": case, "initialWeights": weights, "batches": batches}


def draw_batch(case, rng):
    """One batch, as `draw` says."""
    rows, time = case["batch"], case["time"]
    lengths = case["lengths"] or rng.integers(1, time, rows, endpoint=True).tolist()
    x = rng.standard_normal((rows, time, case["inputs"])) * case.get("inputScale", 1)
    y = rng.standard_normal((rows, time, case["layers"][-1]["units"]))
    for values, holes in ((x, case.get("zeroInputs", [])), (y, case.get("zeroTargets", []))):
        values[np.arange(time) >= np.array(lengths)[:, None]] = 0
        for hole in holes:
            values[tuple(hole)] = 0
    return {"lengths": lengths, "x": x.tolist(), "y": y.tolist()}


def translate(given, name):
    """A TrainingCase as an object with case, initialWeights and batches; refuses what TF1's program cannot do."""
    check(given, TRAINING_CASE, "TrainingCase")
    model, batches, loss, optimizer = given["model"], given["data"]["batches"], given["loss"], given["optimizer"]
    first, clip = batches[0], optimizer["clip"]
    paired = ("limit" in clip) == (clip["kind"] == "globalNorm")
    want(paired, "TrainingCase.optimizer.clip", clip, "give a limit to globalNorm, and only to it")
    case = {"name": name, **model, "batch": len(first["lengths"]), "time": first["time"], "lengths": first["lengths"]}
    case |= {"axis": AXES[loss["axis"]], "l2": loss["l2"], "learningRate": optimizer["learningRate"]}
    case |= {"clipNorm": clip["limit"]} if "limit" in clip else {}
    case |= {"lengths": [], "freshBatches": True} if len(batches) > 1 else {}
    case["steps"] = given["steps"]
    del case["forgetBias"]
    for at, batch in enumerate(batches):
        where, same = f"TrainingCase.data.batches[{at}].time", batch["time"] == case["time"]
        want(same, where, batch["time"], f"pad to {case['time']}: a recording has one width")
    batches = [{part: batch[part] for part in BATCH} for batch in batches]
    return {"case": case, "initialWeights": given["init"]["weights"], "batches": batches}


def read(path):
    """The case, the weights and the batches that the file at `path` asks to record."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"), parse_constant=str)
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}; give a file that can be read") from error
    except (ValueError, RecursionError) as error:
        raise Refusal(f"{path}: {error}; give JSON in UTF-8") from error
    want(isinstance(given, dict), str(path), given, "give a case, a recording or a TrainingCase")
    places = ("initialWeights", "batches")
    if "schemaVersion" in given:
        given = translate(given, path.stem)
        places = ("TrainingCase.init.weights", "TrainingCase.data.batches")
    elif "case" not in given:
        given = draw(given)
    check_case(given["case"])
    for name in ("initialWeights", "batches"):
        want(name in given, name, None, "give it, or the fields of `case` alone to have it drawn")
    weights = read_weights(given["initialWeights"], places[0], given["case"])
    return given["case"], weights, read_batches(given["batches"], places[1], given["case"])


def import_tensorflow():
    """TensorFlow 2.15 in graph mode, without its chatter and without oneDNN (whose sums run in other orders)."""
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="-1")
    warnings.filterwarnings("ignore")
    want(np.__version__.startswith("1."), "numpy's version", np.__version__, PIP)
    try:
        import tensorflow as tf
    except ImportError as error:
        raise Refusal(f"TensorFlow cannot be imported ({error}); {PIP}") from error
    want(tf.__version__.startswith("2.15."), "TensorFlow's version", tf.__version__, PIP)
    tf.get_logger().setLevel("ERROR")
    tf.compat.v1.disable_eager_execution()
    return tf


class Program:
    """The TF1 program of one case: its graph, and a session of one thread."""

    def __init__(self, tf, case):
        """Builds the graph: x [batch, time, inputs], y and outputs [batch, time, units of the top layer]."""
        v1, rnn = tf.compat.v1, tf.compat.v1.nn.rnn_cell
        activations = {"relu": tf.nn.relu, "tanh": tf.tanh, "sigmoid": tf.sigmoid, "linear": tf.identity}
        layers = [(layer["units"], activations[layer["activation"]]) for layer in case["layers"]]
        cells = [rnn.BasicLSTMCell(units, activation=activation) for units, activation in layers]
        x = v1.placeholder(tf.float32, (case["batch"], case["time"], case["inputs"]))
        y = v1.placeholder(tf.float32, (case["batch"], case["time"], layers[-1][0]))
        lengths = v1.placeholder(tf.int32, (case["batch"],))
        outputs, _ = v1.nn.dynamic_rnn(rnn.MultiRNNCell(cells), x, sequence_length=lengths, dtype=tf.float32)
        unit_y, unit_outputs = tf.nn.l2_normalize(y, 2), tf.nn.l2_normalize(outputs, 2)
        cosine = loss = v1.losses.cosine_distance(unit_y, unit_outputs, axis=int(case["axis"]))
        self.variables = v1.trainable_variables()
        if case.get("l2"):
            loss = cosine + case["l2"] * tf.add_n([tf.nn.l2_loss(variable) for variable in self.variables])
        adam = v1.train.AdamOptimizer(case["learningRate"])
        gradients = [gradient for gradient, _ in adam.compute_gradients(loss, self.variables)]
        norm = tf.linalg.global_norm(gradients)
        if "clipNorm" in case:
            gradients, _ = tf.clip_by_global_norm(gradients, case["clipNorm"])
        update = adam.apply_gradients(zip(gradients, self.variables))
        self.inputs, self.fetches = (x, y, lengths), (loss, cosine, norm, outputs, gradients, update)
        self.reset = v1.global_variables_initializer()
        self.session = v1.Session(config=v1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1))

    def train(self, weights, batches, steps):
        """Trains from these weights, `steps` steps or until a weight is not finite.

        Returns the numbers of every step (gradientNorm before clipping, weightNorm after the update), the outputs and
        applied gradients of the first step, the last weights, and whether they are finite.
        """
        self.session.run(self.reset)
        for variable, value in zip(self.variables, weights):
            variable.load(value, self.session)
        run = {"steps": [], "alive": True}
        while run["alive"] and len(run["steps"]) < steps:
            batch = batches[len(run["steps"]) % len(batches)]
            feed = dict(zip(self.inputs, (batch["x"], batch["y"], batch["lengths"])))
            loss, cosine, norm, outputs, gradients, _ = self.session.run(self.fetches, feed)
            run["weights"] = self.session.run(self.variables)
            run["alive"] = all(np.isfinite(weight).all() for weight in run["weights"])
            run.setdefault("firstStep", (outputs, gradients))
            squares = sum(np.square(weight, dtype=np.float64).sum() for weight in run["weights"])
            numbers = {"loss": loss, "cosineDistance": cosine, "gradientNorm": norm}
            numbers |= {"maxAbsOutput": np.abs(outputs).max(), "weightNorm": np.float32(np.sqrt(squares))}
            run["steps"].append(numbers)
        return run


def moved(weights, seed):
    """The weights with every entry of the kernels one float32 ulp up or down, by coin."""
    coin, infinity = np.random.default_rng(seed), np.float32(np.inf)
    ways = [np.where(coin.random(weight.shape) < 0.5, -infinity, infinity) for weight in weights]
    return [np.nextafter(weight, way) if weight.ndim == 2 else weight for weight, way in zip(weights, ways)]


def tolerance(value, others, relative, floor):
    """max(relative |value|, floor, 10 times the largest |value - other|), 2-norms, to three significant digits.

    "Infinity" where that is not finite: a value that is not, or a rerun that had died by then (its entry is infinite).
    """
    norms = [np.linalg.norm(np.ravel(np.subtract(value, other, dtype=np.float64))) for other in (0, *others)]
    size = np.max([relative * norms[0], floor, *(10 * norm for norm in norms[1:])])
    return float(f"{size:.3g}") if np.isfinite(size) else "Infinity"


def plain(value):
    """An array or number for JSON: shortest decimals that round-trip float32; NaN and infinities as strings."""
    if np.ndim(value):
        return [plain(item) for item in value]
    if np.isfinite(value):
        return float(str(value))
    return "NaN" if np.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def by_layer(entries):
    """[kernel, bias, kernel, bias, ...] as one object a layer."""
    return [{"kernel": kernel, "bias": bias} for kernel, bias in zip(entries[::2], entries[1::2])]


def judged(run, others):
    """The steps of a run for JSON, with their tolerances; a fatal step says `weightsFinite: false` instead."""
    steps = []
    for at, numbers in enumerate(run["steps"]):
        step = {name: plain(value) for name, value in numbers.items()}
        if run["alive"] or at + 1 < len(run["steps"]):
            dead = dict.fromkeys(QUANTITIES, np.inf)
            near = [other["steps"][at] if at < len(other["steps"]) else dead for other in others]
            values = {name: (numbers[name], [other[name] for other in near]) for name in QUANTITIES}
            step["tolerance"] = {name: tolerance(*pair, 1e-4, 1e-5) for name, pair in values.items()}
        else:
            step["weightsFinite"] = False
        steps.append(step)
    return steps


def record(case, weights, batches, reruns):
    """The recording: one run, and tolerances from `reruns` more whose kernels are moved by one ulp."""
    program = Program(import_tensorflow(), case)
    run = program.train(weights, batches, case["steps"])
    others = [program.train(moved(weights, seed), batches, len(run["steps"])) for seed in range(reruns)]
    if any((len(other["steps"]), other["alive"]) != (len(run["steps"]), run["alive"]) for other in others):
        print("record.py: warning: one ulp in the kernels moves this run's death to another step", file=sys.stderr)
    outputs, gradients = run["firstStep"]
    recording = {
        "case": case,
        "initialWeights": by_layer([plain(weight) for weight in weights]),
        "batches": [{"x": plain(batch["x"]), "y": plain(batch["y"]), "lengths": batch["lengths"]} for batch in batches],
        "firstStep": {"outputs": plain(outputs), "gradients": by_layer([plain(gradient) for gradient in gradients])},
        "steps": judged(run, others),
        "finalWeights": by_layer([plain(weight) for weight in run["weights"]]),
    }
    if run["alive"]:
        pairs = zip(run["weights"], zip(*(other["weights"] for other in others)))
        recording["finalWeightsTolerance"] = by_layer([tolerance(weight, near, 1e-3, 1e-6) for weight, near in pairs])
    return recording


def write(text, out):
    """Writes a file beside `out` and renames it, so that `out` is never half a recording."""
    beside = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(out)
    except OSError as error:
        raise Refusal(f"{out}: {error.strerror}; give a file that can be written") from error
    finally:
        beside.unlink(missing_ok=True)


def main():
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Record the original TF1 program on one case.")
    parser.add_argument("case", metavar="CASE.json", type=Path, help="a case, a recording or an explicit TrainingCase")
    parser.add_argument("-o", dest="out", metavar="OUT.json", type=Path, help="file to write (default: stdout)")
    parser.add_argument("--reruns", type=int, default=4, help="reruns that make the tolerances (default: 4)")
    options = parser.parse_args()
    try:
        want(options.reruns >= 1, "--reruns", options.reruns, "give a whole number >= 1")
        file = options.out is None or options.out.name and options.out.parent.is_dir()
        want(file, "-o", str(options.out), "give a file in a folder that exists")
        with np.errstate(all="ignore"):
            recording = record(*read(options.case), options.reruns)
        text = json.dumps(recording, allow_nan=False)
        if options.out:
            write(text, options.out)
        else:
            print(text)
    except Refusal as refusal:
        print(f"record.py: {refusal}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
