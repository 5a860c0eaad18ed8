"""TensorFlow 2: variables by name, exact restore, the step, and a look inside a compiled function."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from ..batch import leaves_of
from ..errors import NanproofError
from ..loss import loss_part
from ..randoms import KeptRandoms
from ..safetensors import Tensor
from ..trace import Recorder
from ..training import Seen, State, Training, misfit
from .clipped import Clipped, clip_with_tensorflow
from .tensorflow_free import listed_variables, name_slots, name_variables, numbers_for, stored


class TensorFlowTensors:
    """What TensorFlow knows of its own tensors."""

    def is_tensor(self, value: Any) -> bool:
        """Whether a value is an eager tensor that a file can hold."""
        return tf.is_tensor(value) and hasattr(value, "numpy") and value.dtype not in (tf.string, tf.resource, tf.variant)

    def stored(self, value: Any) -> Tensor:
        """A tensor's numbers, copied."""
        return stored(np.array(value))

    def made(self, tensor: Tensor, like: Any) -> Any:
        """A tensor with these numbers."""
        return tf.constant(numbers_for(tensor, like.dtype.as_numpy_dtype), like.dtype)

    def held(self, value: Any) -> Any:
        """A tensor that stays what it is: eager tensors do."""
        return tf.identity(value) if isinstance(value, tf.Variable) else value


class TensorFlowTraining(TensorFlowTensors, Training):
    """A training step of TensorFlow 2 with its variables and optimizers."""

    framework = "tensorflow"

    def __init__(self, step: Callable[..., Any], *, variables: Any, optimizer: Any = None, **others: Any) -> None:
        if others:
            raise NanproofError("load", f"watch was given {', '.join(others)}: TensorFlow needs variables and optimizer only")
        self._step = step
        self._given = variables
        self._optimizers = optimizer if isinstance(optimizer, list | tuple) else [] if optimizer is None else [optimizer]
        self._fast: _Fast | None = None
        self._clipped: Clipped | None = None
        # The variables that were named last, and their names: naming takes longer than looking whether they are still these.
        self._listed: list[int] = []
        self._named: dict[str, Any] = {}

    def variables(self) -> dict[str, Any]:
        """Every variable of the training by the name that the state has for it."""
        given = _expanded(self._given)
        listed = [id(one) for _, one in given]
        for optimizer in self._optimizers:
            listed += map(id, listed_variables(optimizer))
        if listed != self._listed:
            self._named = name_variables(given)
            weights = {name.partition("/")[2]: one for name, one in self._named.items() if name.startswith("weight/")}
            for optimizer in self._optimizers:
                self._named.update(name_slots(optimizer, weights))
            self._listed = listed
        return dict(self._named)

    def _built(self) -> None:
        for optimizer in self._optimizers:
            if hasattr(optimizer, "build") and not getattr(optimizer, "built", True):
                named = name_variables(_expanded(self._given))
                optimizer.build([one for name, one in named.items() if name.startswith("weight/")])

    def take_parts(self) -> State:
        return {name: stored(np.array(one)) for name, one in self.variables().items()}

    def restore_parts(self, state: State) -> None:
        if any(name.startswith("slot/") for name in state):
            self._built()
        variables = self.variables()
        own = self.take_parts()
        misfit(state, own, optional=("slot/", "counter/"))
        for name in state:
            if name.startswith("slot/") and name not in own:
                raise NanproofError("restore", f"the state has {name}, and this program's optimizer has not")
        for name, one in variables.items():
            if name in state:
                one.assign(numbers_for(state[name], np.dtype(tf.as_dtype(one.dtype).as_numpy_dtype)))
            elif name.startswith(("slot/", "counter/")):
                one.assign(np.zeros(one.shape, tf.as_dtype(one.dtype).as_numpy_dtype))

    def run(self, batch: tuple[Any, ...], seen: Seen) -> Any:
        result = self._step(*batch)
        if self._clipped is not None:
            self._clipped.check()
        return result

    def clip(self, norm: float) -> None:
        self._clipped = Clipped(self._optimizers, clip_with_tensorflow(norm))

    def run_traced(self, batch: tuple[Any, ...], seen: Seen, recorder: Recorder) -> Any:
        self._built()
        return traced(self, batch, recorder, self.variables(), lambda given: self.run(given, seen))

    def probe(self) -> str | None:
        from .tensorflow_trace import PROBLEM

        return PROBLEM

    def keep(self) -> None:
        self._built()
        variables = self.variables()
        if self._fast is None or not self._fast.fits(variables):
            self._fast = _Fast(variables)
        self._fast.keep()

    def kept(self) -> State:
        assert self._fast is not None
        return self._fast.state()

    def run_watched(self, batch: tuple[Any, ...]) -> tuple[Any, bool]:
        result = self.run(batch, Seen())
        return result, self._fast is None or self._fast.finite(self.loss(result))


class _Fast:
    """What variables held before a step, and a look at them, each one compiled function."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._names = list(variables)
        live = [_plain(one) for one in variables.values()]
        looked = [
            one
            for name, one in zip(self._names, live, strict=True)
            if name.startswith(("weight/", "slot/")) and one.dtype.is_floating
        ]

        def read() -> list[Any]:
            # What was read stays what it is: who changes a variable meanwhile gets a copy of its numbers.
            return [one.read_value() for one in live]

        def total() -> Any:
            return tf.add_n([tf.zeros(()), *(tf.cast(tf.reduce_sum(one), tf.float32) for one in looked)])

        def is_finite() -> Any:
            return tf.reduce_all([tf.reduce_all(tf.math.is_finite(one)) for one in looked])

        compiled = [tf.function(one, autograph=False) for one in (read, total, is_finite)]
        self._read, self._total, self._is_finite = (one.get_concrete_function() for one in compiled)
        self._kept: list[Any] = []
        self._randoms = KeptRandoms()

    def fits(self, variables: Mapping[str, Any]) -> bool:
        """Whether the variables are still these."""
        return list(variables) == self._names

    def keep(self) -> None:
        """Keeps what everything holds."""
        self._kept = self._read()
        self._randoms = KeptRandoms()

    def finite(self, loss: float) -> bool:
        """Whether weights, slots and loss are finite."""
        if not math.isfinite(loss):
            return False
        # A sum that is finite says it of all numbers. One that is not may have overflowed.
        return math.isfinite(float(self._total())) or bool(self._is_finite())

    def state(self) -> State:
        """What was kept, as a state."""
        state = {name: stored(np.array(one)) for name, one in zip(self._names, self._kept, strict=True)}
        return {**state, **self._randoms.state()}


def traced(
    training: Any, batch: tuple[Any, ...], recorder: Recorder, variables: Mapping[str, Any], run: Callable[[Any], Any]
) -> Any:
    """Runs a step eagerly, op by op, and gives what it gave."""
    from .tensorflow_trace import EagerTrace

    trace = EagerTrace(recorder, variables)
    for leaf in leaves_of(batch, training)[0]:
        if leaf.kind == "tensor" and hasattr(leaf.value, "_id"):
            trace.leaf(leaf.value, f"batch/{leaf.path}")
    with _gradients_seen(recorder, trace, variables), trace.running():
        result = run(batch)
    loss = loss_part(result)
    recorder.end["loss"] = trace.identity(loss) if tf.is_tensor(loss) else None
    if recorder.end["loss"] is None:
        recorder.end["loss"] = _loss_by_value(recorder, loss)
    for group, prefix in (("weights", "weight/"), ("slots", "slot/")):
        found = {name: one for name, one in variables.items() if name.startswith(prefix)}
        recorder.end[group] = {name: trace.identity(_plain(one)) for name, one in found.items()}
    return result


def _loss_by_value(recorder: Recorder, loss: Any) -> int | None:
    """The last scalar of the forward pass with the loss's number: a step may give the loss as a plain number."""
    number = np.float32(np.asarray(loss, np.float64).reshape(()))
    for one in reversed(recorder.traced):
        for output in one.record["outputs"]:
            if all(length == 1 for length in output["shape"]) and output["low"] is not None:
                same = np.isnan(number) and output["nan"] > 0
                if same or np.float32(output["low"]) == number:
                    return int(output["id"])
    return None


def _gradients_seen(recorder: Recorder, trace: Any, variables: Mapping[str, Any]) -> Any:
    """Notes the gradients that a Keras optimizer is given, after clipping."""
    import sys
    from contextlib import ExitStack

    stack = ExitStack()
    keras = sys.modules.get("keras")
    owner = getattr(getattr(keras, "optimizers", None), "Optimizer", None)
    if owner is None or not hasattr(owner, "_backend_update_step"):
        return stack
    names = {id(_plain(one)): name for name, one in variables.items()}
    update = owner._backend_update_step

    def seen(optimizer: Any, grads: Any, trainable_variables: Any, learning_rate: Any) -> Any:
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            name = names.get(id(_plain(variable)))
            if name is not None and gradient is not None:
                recorder.end["gradients"][name] = trace.identity(gradient)
        return update(optimizer, grads, trainable_variables, learning_rate)

    owner._backend_update_step = seen
    stack.callback(setattr, owner, "_backend_update_step", update)
    return stack


def _plain(variable: Any) -> Any:
    """TensorFlow's own variable in one of Keras."""
    inner = getattr(variable, "value", None)
    return variable if inner is None or callable(inner) else inner


def _expanded(given: Any) -> list[tuple[str | None, Any]]:
    if isinstance(given, Mapping):
        return [(str(name), one) for name, one in given.items()]
    if hasattr(given, "variables") and not callable(given.variables):
        return [(None, one) for one in given.variables]
    found: list[tuple[str | None, Any]] = []
    for one in given if isinstance(given, Iterable) else [given]:
        found += _expanded(one) if hasattr(one, "variables") and not hasattr(one, "assign") else [(None, one)]
    return found
