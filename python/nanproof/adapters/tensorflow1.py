"""TensorFlow 1 sessions: variables by name, exact restore, the step, and a trace from the debugger's dumps.

The debugger reaches into the while loop of dynamic_rnn: a node's dumps are in order of time, and their count is the timestep.
What it writes is bounded: summaries of numbers for everything, whole tensors only for what is not finite.
The private parts of TensorFlow that this needs are found in one place, `_Parts`, and probed when this is imported.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import tensorflow.compat.v1 as tf1

from ..errors import NanproofError
from ..frames import Place, is_nanproof, is_personal, place_of
from ..randoms import KeptRandoms
from ..safetensors import Array, Tensor
from ..trace import Recorder, Value, first_bad, value
from ..training import Seen, State, Training, misfit
from .tensorflow_free import numbers_for, stored
from .tensorflow_trace import POINTWISE, _name_of

PASSES = frozenset(
    [
        "Enter",
        "Exit",
        "Merge",
        "Switch",
        "NextIteration",
        "LoopCond",
        "Identity",
        "RefEnter",
        "RefExit",
        "RefMerge",
        "RefSwitch",
        "RefNextIteration",
        "RefIdentity",
        "StackPushV2",
    ]
)
APPLY = re.compile(r"^(Resource)?(Sparse)?Apply")
SCATTER = re.compile(r"^(Resource)?Scatter(Add|Sub|NdAdd|NdSub)")
SLOT = re.compile(r"^(?P<weight>.+)/(?P<slot>[A-Za-z]+(_\d+)?)$")
# Whole tensors are dumped for at most so many nodes.
WHOLE_LIMIT = 12


class _Parts:
    """The private parts of TensorFlow, each None where this version has it not."""

    problem: str | None = None
    try:
        from tensorflow.python.debug.lib import debug_data, debug_utils
    except ImportError as error:  # pragma: no cover - another TensorFlow
        problem = f"this version of TensorFlow has no debugger for sessions ({error}), so that steps cannot be traced"


class SessionTraining(Training):
    """A session and what it runs in a step: `step(*values)` feeds the placeholders and runs the session once."""

    framework = "tensorflow1"

    def __init__(self, session: Any, *, train_op: Any, loss: Any, feeds: Sequence[Any] = (), **others: Any) -> None:
        if others:
            raise NanproofError("load", f"watch was given {', '.join(others)}: a session needs train_op, loss and feeds only")
        if not hasattr(session, "run") or not hasattr(session, "graph"):
            raise NanproofError("load", f"watch was given {session!r}, which is no session")
        self._session = session
        self._train_op = train_op
        self._loss = loss
        self._feeds = list(feeds)
        self._graph = session.graph
        self._fast: _Fast | None = None
        self._clip_norm: float | None = None
        with self._graph.as_default():
            listed = tf1.global_variables()
            trained = {id(one) for one in tf1.trainable_variables()}
        self._variables = _named(listed, trained)
        self._gradients = _gradients(self._graph, self._variables)

    # State

    def take_parts(self) -> State:
        numbers = self._session.run(dict(self._variables))
        return {name: stored(np.array(one)) for name, one in numbers.items()}

    def restore_parts(self, state: State) -> None:
        misfit(state, self.take_parts())
        self._load(self._session, state)

    def _load(self, session: Any, state: State) -> None:
        named = {name: one for name, one in self._variables.items() if name in state}
        feeds = {
            one.initializer.inputs[1]: numbers_for(state[name], one.dtype.base_dtype.as_numpy_dtype)
            for name, one in named.items()
        }
        session.run([one.initializer for one in named.values()], feeds)

    # The step

    def _fed(self, batch: tuple[Any, ...]) -> dict[Any, Any]:
        if len(batch) == 1 and len(self._feeds) != 1 and isinstance(batch[0], dict):
            return batch[0]
        if len(batch) != len(self._feeds):
            raise NanproofError("program", f"step was given {len(batch)} values, and watch {len(self._feeds)} feeds")
        return dict(zip(self._feeds, batch, strict=True))

    def run(self, batch: tuple[Any, ...], seen: Seen) -> Any:
        gradients = {name: one for name, one in self._gradients.items() if self._graph.is_fetchable(one)}
        fed = self._fed(batch)
        if self._clip_norm is None:
            loss, found, _ = self._session.run([self._loss, gradients, self._train_op], fed)
        else:
            # The gradients as they are first, and then the update with what is left of them.
            loss, found = self._session.run([self._loss, gradients], fed)
            found = _clipped(found, self._clip_norm)
            self._session.run(self._train_op, {**fed, **{gradients[name]: one for name, one in found.items()}})
        seen.gradients = {name: _numbers(one) for name, one in found.items()}
        return loss

    def clip(self, norm: float) -> None:
        reached = [one for one in self._gradients.values() if self._graph.is_fetchable(one) and self._graph.is_feedable(one)]
        scattered = any(
            SCATTER.match(one.type) and _variable_of(one.inputs[0]) in {weight.op.name for weight in self._variables.values()}
            for one in self._graph.get_operations()
        )
        if not reached or len(reached) < len(self._gradients) or scattered:
            raise NanproofError(
                "unsupported",
                "gradients cannot be clipped from outside: not each of them is a tensor that a session can be fed",
            )
        self._clip_norm = norm

    def run_traced(self, batch: tuple[Any, ...], seen: Seen, recorder: Recorder) -> Any:
        state = self.take_parts()
        options = tf1.ConfigProto()
        # Else products and biases are fused into operations that are in no line of the program.
        options.graph_options.rewrite_options.disable_meta_optimizer = True
        options.intra_op_parallelism_threads = options.inter_op_parallelism_threads = 1
        session = tf1.Session(graph=self._graph, config=options)
        names = {one.name: f"batch/{i}" for i, one in enumerate(self._feeds)}
        reader = _Dumps(self._graph, recorder, names, self._variables)
        reader.find_forward(self._loss)
        if any(one.type in ("While", "StatelessWhile", "If", "PartitionedCall") for one in self._graph.get_operations()):
            recorder.note(
                "what is inside of a loop: control flow of version 2 hides it; "
                "call tf.compat.v1.disable_control_flow_v2() before the graph is made"
            )
        fed = self._fed(batch)
        gradients = {name: one for name, one in self._gradients.items() if self._graph.is_fetchable(one)}
        fetches = [self._loss, gradients, self._train_op]
        try:
            self._load(session, state)
            (loss, found, _), dumps = _run_dumped(session, fetches, fed, "DebugNumericSummary", None)
            after = session.run(dict(self._variables))
            reader.feed(fed)
            wrong = reader.read(dumps)
            reader.apply({name: np.asarray(one) for name, one in after.items()})
            self._load(session, state)
            _, whole = _run_dumped(session, fetches, fed, "DebugIdentity", wrong)
            reader.fill(whole)
            # What does not wait for the loss may be computed before it.
            recorder.by_phase()
        finally:
            session.close()
        seen.gradients = {name: _numbers(one) for name, one in found.items()}
        self._load(self._session, {name: stored(np.array(one)) for name, one in after.items()})
        recorder.end["loss"] = reader.last(self._loss)
        recorder.end["gradients"] = {name: reader.last(one) for name, one in gradients.items()}
        for group, prefix in (("weights", "weight/"), ("slots", "slot/")):
            listed = [name for name in self._variables if name.startswith(prefix)]
            recorder.end[group] = {name: reader.updated(name) for name in listed}
        return loss

    def probe(self) -> str | None:
        return _Parts.problem

    # Batches hold numpy arrays and numbers only

    def is_tensor(self, value: Any) -> bool:
        return False

    def stored(self, value: Any) -> Tensor:
        return stored(np.array(value))

    def made(self, tensor: Tensor, like: Any) -> Any:
        return tensor.array

    def held(self, value: Any) -> Any:
        return value

    # In a person's own script

    def keep(self) -> None:
        if self._fast is None and not self._graph.finalized:
            self._fast = _Fast(self._graph, self._session, self._variables, self._loss, self._gradients)
        if self._fast is None:
            self._kept = self.take()
        else:
            self._fast.keep()

    def kept(self) -> State:
        return self._kept if self._fast is None else self._fast.state()

    def run_watched(self, batch: tuple[Any, ...]) -> tuple[Any, bool]:
        if self._fast is None:
            return super().run_watched(batch)
        loss, alive, _ = self._session.run([self._loss, self._fast.gradients_finite, self._train_op], self._fed(batch))
        return loss, bool(alive) and bool(np.isfinite(loss).all()) and self._fast.finite()


class _Fast:
    """Copies of variables in the graph, and a look at everything there."""

    def __init__(self, graph: Any, session: Any, variables: dict[str, Any], loss: Any, gradients: dict[str, Any]) -> None:
        self._session = session
        self._names = list(variables)
        with graph.as_default(), tf1.device("/cpu:0"), tf1.variable_scope("nanproof", reuse=tf1.AUTO_REUSE):
            live = list(variables.values())
            self._copies = [
                tf1.Variable(tf1.zeros(one.shape, one.dtype.base_dtype), trainable=False, collections=[], name=f"kept_{i}")
                for i, one in enumerate(live)
            ]
            self._copy = tf1.group(*[tf1.assign(kept, one) for kept, one in zip(self._copies, live, strict=True)])
            self._start = tf1.group(*[one.initializer for one in self._copies])
            looked = [
                one
                for name, one in variables.items()
                if name.startswith(("weight/", "slot/")) and one.dtype.base_dtype.is_floating
            ]
            self._look = _all_finite(looked)
            self.gradients_finite = _all_finite([one for one in gradients.values() if graph.is_fetchable(one)])
        session.run(self._start)

    def keep(self) -> None:
        """Copies everything."""
        self._session.run(self._copy)
        self._randoms = KeptRandoms()

    def finite(self) -> bool:
        """Whether weights and slots are finite."""
        return bool(self._session.run(self._look))

    def state(self) -> State:
        """The copies as a state."""
        numbers = self._session.run(self._copies)
        return {
            **{name: stored(np.array(one)) for name, one in zip(self._names, numbers, strict=True)},
            **self._randoms.state(),
        }


class _Dumps:
    """Makes the trace of the debugger's dumps."""

    def __init__(self, graph: Any, recorder: Recorder, names: dict[str, str], variables: dict[str, Any]) -> None:
        self._graph = graph
        self._recorder = recorder
        self._names = names
        self._variables = variables
        self._by_op = {one.op.name: name for name, one in variables.items()}
        self._values: dict[str, Value] = {}
        self._arrays: dict[str, dict[int, Value]] = defaultdict(dict)
        self._whole: dict[str, Value] = {}
        self._stacks: dict[str, list[Value]] = defaultdict(list)
        self._records: dict[tuple[str, int], tuple[Any, Any]] = {}
        self._counts: dict[str, int] = defaultdict(int)
        self._places: dict[str, tuple[Place, str]] = {}
        self._call = place_of(_frame())
        self._forward: set[str] = set()

    def feed(self, fed: dict[Any, Any]) -> None:
        """Takes what is fed for leaves: the debugger does not show it."""
        for tensor, given in fed.items():
            name = getattr(tensor, "name", str(tensor))
            dtype = tf1.as_dtype(getattr(tensor, "dtype", np.asarray(given).dtype)).base_dtype
            if dtype != tf1.string:
                numbers = np.asarray(given, dtype.as_numpy_dtype)
                self._values[name] = value(self._recorder.new_id(), self._names.get(name), _name_of(dtype), numbers)

    def find_forward(self, loss: Any) -> None:
        """Finds the operations that the loss is made of."""
        found, waiting = set(), [loss.op]
        while waiting:
            operation = waiting.pop()
            if operation.name not in found:
                found.add(operation.name)
                waiting += [one.op for one in operation.inputs]
        self._forward = found

    def read(self, dumps: Any) -> list[str]:
        """Reads summaries of numbers, in order of time, and gives the nodes whose numbers are not finite."""
        wrong: list[str] = []
        ordered = sorted(dumps.dumped_tensor_data, key=lambda one: (one.timestamp,))
        for dump in ordered:
            operation = self._operation(dump.node_name)
            if operation is None:
                continue
            summary = dump.get_tensor()
            if not isinstance(summary, np.ndarray) or summary.size < 14 or summary[0] == 0:
                continue
            self._add(operation, dump.node_name, dump.output_slot, summary)
            if summary[2] + summary[3] + summary[7] > 0 and operation.type not in PASSES and dump.node_name not in wrong:
                wrong.append(dump.node_name)
        wrong.sort(key=lambda name: name not in self._forward)
        taken = [tensor.op.name for name in wrong[:3] for tensor in self._graph.get_operation_by_name(name).inputs]
        return [*wrong[:WHOLE_LIMIT], *taken]

    def fill(self, dumps: Any) -> None:
        """Reads whole tensors of some nodes: the first number that is not finite, and the operands' numbers."""
        counts: dict[str, int] = defaultdict(int)
        latest: dict[str, Array] = {}
        for dump in sorted(dumps.dumped_tensor_data, key=lambda one: one.timestamp):
            tensor = dump.get_tensor()
            if not isinstance(tensor, np.ndarray):
                continue
            key = f"{dump.node_name}:{dump.output_slot}"
            latest[key] = tensor
            number = counts[key]
            counts[key] += 1
            found = self._records.get((key, number))
            if found is None:
                continue
            record, operation = found
            inputs = [latest.get(one.name) for one in operation.inputs]
            known = [one for one in inputs if one is not None]
            operands = known if operation.type in POINTWISE and len(known) == len(inputs) else None
            bad = first_bad([tensor], operands)
            if bad is not None and record["bad"] is None:
                record["bad"] = {**bad, "output": dump.output_slot}

    def last(self, tensor: Any) -> int | None:
        """The number of a tensor's last contents."""
        found = self._values.get(tensor.name)
        return None if found is None else int(found["id"])

    def apply(self, after: dict[str, Array]) -> None:
        """Adds what optimizers made of variables and slots: the debugger shows the variable only, or nothing."""
        for operation in self._graph.get_operations():
            owners = [self._by_op.get(_variable_of(one)) for one in operation.inputs]
            if not APPLY.match(operation.type) or not owners or owners[0] is None:
                continue
            made, numbers = [], []
            for name in owners:
                if name is not None and name in after and after[name].dtype.kind == "f":
                    kind = _name_of(tf1.as_dtype(after[name].dtype))
                    made.append(value(self._recorder.new_id(), None, kind, after[name]))
                    numbers.append(after[name])
                    self._whole[name] = made[-1]
            found = self._records.get((f"{operation.name}:0", 0))
            if found is None:
                place, _ = self._place(operation)
                inputs = self._inputs(operation)
                traced = self._recorder.add("update", operation.type, place, inputs, made, layer=_scope(operation.name))
                record = None if traced is None else traced.record
            else:
                record = found[0]
                record["outputs"] = made
            if record is not None:
                record["bad"] = first_bad(numbers, None)

    def updated(self, name: str) -> int | None:
        """The number of a variable's contents after the step."""
        found = self._whole.get(name)
        return None if found is None else int(found["id"])

    def _operation(self, node: str) -> Any:
        try:
            return self._graph.get_operation_by_name(node)
        except KeyError:
            return None

    def _add(self, operation: Any, node: str, slot: int, summary: Array) -> None:
        key = f"{node}:{slot}"
        kind = operation.type
        if kind in PASSES:
            found = self._passed(operation)
            if found is not None:
                self._values[key] = found
                if kind == "StackPushV2":
                    self._stacks[_root(operation.inputs[0])].append(found)
                return
        said = _summarized(self._recorder.new_id(), self._name(operation, key), operation.outputs[slot].dtype, summary)
        inputs = self._inputs(operation)
        self._values[key] = said
        if kind in ("VariableV2", "VarHandleOp", "ReadVariableOp", "Placeholder", "Const") and not inputs:
            return
        if kind == "ReadVariableOp":
            return
        place, phase = self._place(operation)
        count = self._counts[key]
        self._counts[key] += 1
        in_loop = "while" in node
        timestep = count if in_loop and kind not in ("TensorArrayV3",) else None
        if timestep is not None and phase == "backward":
            # The loop runs backward: the forward loop's length is how often its condition held.
            timestep = self._length(operation) - 1 - count if self._length(operation) else None
            timestep = None if timestep is not None and timestep < 0 else timestep
        layer = _scope(node)
        traced = self._recorder.add(phase, kind, place, inputs, [said], layer=layer, timestep=timestep)
        if traced is not None:
            self._records[(key, count)] = (traced.record, operation)
        self._note_effects(operation, said, traced)

    def _note_effects(self, operation: Any, said: Value, traced: Any) -> None:
        kind = operation.type
        if kind == "TensorArrayWriteV3":
            taken = self._values.get(operation.inputs[2].name)
            index = self._values.get(operation.inputs[1].name)
            if taken is not None and index is not None:
                self._arrays[_root(operation.inputs[0])][int(index["low"])] = taken
        elif kind in ("TensorArrayScatterV3", "TensorArraySplitV3"):
            at = 2 if kind == "TensorArrayScatterV3" else 1
            taken = self._values.get(operation.inputs[at].name)
            if taken is not None:
                self._whole[f"array {_root(operation.inputs[0])}"] = taken
        elif APPLY.match(kind) or kind in ("Assign", "AssignAdd", "AssignSub"):
            name = self._by_op.get(_variable_of(operation.inputs[0]))
            if name is not None:
                self._whole[name] = said

    def _inputs(self, operation: Any) -> list[Value]:
        kind = operation.type
        found = [self._values[one.name] for one in operation.inputs if one.name in self._values]
        if kind in ("TensorArrayReadV3", "TensorArrayGatherV3", "TensorArrayConcatV3"):
            root = _root(operation.inputs[0])
            written = self._arrays.get(root, {})
            index = self._values.get(operation.inputs[1].name) if kind == "TensorArrayReadV3" else None
            if index is not None and int(index["low"]) in written:
                found.append(written[int(index["low"])])
            elif index is None and written:
                found += written.values()
            elif f"array {root}" in self._whole:
                found.append(self._whole[f"array {root}"])
        elif kind == "StackPopV2":
            stack = self._stacks.get(_root(operation.inputs[0]), [])
            if stack:
                found.append(stack.pop())
        return found

    def _passed(self, operation: Any) -> Value | None:
        at = 1 if operation.type == "StackPushV2" else 0
        if operation.type in ("Merge", "RefMerge"):
            known = [self._values[one.name] for one in operation.inputs if one.name in self._values]
            return max(known, key=lambda one: int(one["id"])) if known else None
        return self._values.get(operation.inputs[at].name) if len(operation.inputs) > at else None

    def _name(self, operation: Any, key: str) -> str | None:
        if key in self._names:
            return self._names[key]
        if operation.type in ("VariableV2", "Variable"):
            return self._by_op.get(operation.name)
        if operation.type == "ReadVariableOp":
            return self._by_op.get(operation.inputs[0].op.name)
        return None

    def _length(self, operation: Any) -> int:
        lengths = [count for key, count in self._counts.items() if "while" in key and not key.startswith("gradients")]
        return max(lengths, default=0)

    def _place(self, operation: Any) -> tuple[Place, str]:
        known = self._places.get(operation.name)
        if known is None:
            known = self._places[operation.name] = self._found_place(operation)
        return known

    def _found_place(self, operation: Any) -> tuple[Place, str]:
        original = getattr(operation, "_original_op", None)
        backward = original is not None and _is_gradient(operation.name)
        phase = "backward" if _is_gradient(operation.name) else "forward"
        applies = APPLY.match(operation.type) or operation.type.startswith("Assign")
        if operation.name not in self._forward and (applies or self._comes_after(operation)):
            phase = "update"
        shown = original if backward else operation
        place = _line_of(shown)
        if place is None:
            return self._call._replace(key=operation.name, path=None), phase
        line_of = "forward" if backward else "operation"
        return Place(place[0], place[1], place[2], line_of, operation.name, None), phase

    def _comes_after(self, operation: Any) -> bool:
        """Whether an operation is computed of a gradient, and is none of the pass that makes them: clipping, say."""
        if _is_gradient(operation.name):
            return False
        known = self.__dict__.setdefault("_after", {})
        if operation.name not in known:
            known[operation.name] = False
            known[operation.name] = any(_is_gradient(one.op.name) or self._comes_after(one.op) for one in operation.inputs)
        return bool(known[operation.name])


def _run_dumped(session: Any, fetches: Any, fed: Any, kind: str, nodes: Iterable[str] | None) -> tuple[Any, Any]:
    folder = tempfile.mkdtemp(prefix="nanproof-")
    try:
        options = tf1.RunOptions()
        url = f"file://{folder}"
        floats = r"(float.*|half|double|bfloat16|int32|int64)"
        if nodes is None:
            _Parts.debug_utils.watch_graph(options, session.graph, [kind], url, tensor_dtype_regex_allowlist=floats)
        else:
            pattern = "(" + "|".join(re.escape(one) for one in dict.fromkeys(nodes)) + ")$" if nodes else "^$"
            _Parts.debug_utils.watch_graph(
                options,
                session.graph,
                [kind],
                url,
                node_name_regex_allowlist=pattern,
                tensor_dtype_regex_allowlist=floats,
            )
        result = session.run(fetches, fed, options=options)
        if not os.listdir(folder):
            return result, _Nothing()
        dumps = _Parts.debug_data.DebugDumpDir(folder, validate=False)
        for dump in dumps.dumped_tensor_data:
            # Read now: the folder goes.
            tensor = dump.get_tensor()
            dump.get_tensor = _giver(tensor)
        return result, dumps
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Nothing:
    dumped_tensor_data: list[Any] = []


def _giver(tensor: Any) -> Any:
    return lambda: tensor


def _named(listed: Iterable[Any], trained: set[int]) -> dict[str, Any]:
    listed = list(listed)
    weights = {one.op.name for one in listed if id(one) in trained}
    named = {}
    for one in listed:
        name = one.op.name
        found = SLOT.match(name)
        if id(one) in trained:
            role = f"weight/{name}"
        elif len(one.shape) == 0:
            role = f"counter/{name}"
        elif found is not None and found["weight"] in weights:
            role = f"slot/{name}"
        else:
            role = f"buffer/{name}"
        named[role] = one
    return named


def _gradients(graph: Any, variables: dict[str, Any]) -> dict[str, Any]:
    """The gradients that optimizers are given: the last input of each operation that applies one, where it is no index."""
    by_op = {one.op.name: name for name, one in variables.items()}
    found = {}
    for operation in graph.get_operations():
        if not APPLY.match(operation.type):
            continue
        name = by_op.get(_variable_of(operation.inputs[0]))
        inputs = [one for one in operation.inputs if one.dtype.base_dtype.is_floating]
        # The momentum comes after the gradient.
        last = inputs[-2] if operation.type.endswith("ApplyMomentum") else inputs[-1]
        if name is not None:
            found[name] = last
    return found


def _clipped(found: dict[str, Any], limit: float) -> dict[str, Any]:
    """Gradients scaled down to a global norm, as `tf.clip_by_global_norm` does: one that is not finite makes all NaN."""
    with np.errstate(all="ignore"):
        norm = np.sqrt(np.float32(sum(float(np.square(_numbers(one), dtype=np.float64).sum()) for one in found.values())))
        scale = np.float32(limit) / max(norm, np.float32(limit)) if np.isfinite(norm) else np.float32(np.nan)
        return {name: np.asarray(one) * np.asarray(one).dtype.type(scale) for name, one in found.items()}


def _variable_of(tensor: Any) -> str:
    operation = tensor.op
    while operation.type in ("Enter", "RefEnter", "Identity", "RefIdentity", "Switch", "RefSwitch") and operation.inputs:
        operation = operation.inputs[0].op
    return str(operation.name)


def _root(tensor: Any) -> str:
    return _variable_of(tensor)


def _all_finite(tensors: list[Any]) -> Any:
    if not tensors:
        return tf1.constant(True)
    return tf1.reduce_all(tf1.stack([tf1.reduce_all(tf1.is_finite(one)) for one in tensors]))


def _numbers(one: Any) -> Array:
    return np.asarray(one.values if hasattr(one, "values") else one)


def _is_gradient(name: str) -> bool:
    return re.match(r"(.*/)?gradients(_\d+)?/", name) is not None


def _scope(node: str) -> str | None:
    scope = re.sub(r"^gradients(_\d+)?/", "", node).rpartition("/")[0]
    return scope or None


def _line_of(operation: Any) -> tuple[str, int, str] | None:
    try:
        frames = list(operation.traceback)
    except (AttributeError, TypeError):
        return None
    for frame in reversed(frames):
        if is_personal(frame.filename) and not is_nanproof(frame.filename):
            return os.path.abspath(frame.filename), int(frame.lineno), str(frame.name)
    return None


def _summarized(identity: int, name: str | None, dtype: Any, summary: Array) -> Value:
    """A value from a summary: initialized, size, NaN, -Infinity, negative, 0, positive, Infinity, min, max, ..., shape."""
    _, _, nan, down, _, zeros, _, up, low, high = (float(one) for one in summary[:10])
    finite = [abs(one) for one in (low, high) if np.isfinite(one)]
    return {
        "id": identity,
        "name": name,
        "dtype": _name_of(dtype.base_dtype),
        "shape": [int(one) for one in summary[14:]],
        "max": max(finite, default=0.0),
        "low": float("-inf") if down else (low if np.isfinite(low) else 0.0),
        "high": float("inf") if up else (high if np.isfinite(high) else 0.0),
        "nan": int(nan),
        "inf": int(down + up),
        "zeros": int(zeros),
    }


def _frame() -> Any:
    import sys

    return sys._getframe(1)
