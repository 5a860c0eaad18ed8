"""The trace of a step of TensorFlow 2, run eagerly: every operation takes the way through Python and is seen there.

The private parts of TensorFlow that this needs are found in one place, `_Parts`, and probed when this is imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import tensorflow as tf

from ..errors import NanproofError
from ..safetensors import Array, tensor_of
from ..trace import STATISTICS_LIMIT, Recorder, Traced, Value, first_bad, place_here, value

POINTWISE = frozenset(
    [
        "Add",
        "AddV2",
        "Sub",
        "Mul",
        "Div",
        "RealDiv",
        "DivNoNan",
        "Exp",
        "Expm1",
        "Log",
        "Log1p",
        "Sqrt",
        "Rsqrt",
        "Square",
        "Pow",
        "Neg",
        "Reciprocal",
        "Tanh",
        "Sigmoid",
        "Relu",
        "Elu",
        "Softplus",
        "Maximum",
        "Minimum",
        "SelectV2",
        "Select",
        "TanhGrad",
        "SigmoidGrad",
        "ReluGrad",
        "RsqrtGrad",
        "SqrtGrad",
        "ReciprocalGrad",
        "EluGrad",
        "SquaredDifference",
        "Sin",
        "Cos",
        "Tan",
        "Asin",
        "Acos",
        "Atan",
        "Abs",
        "Cast",
        "Xlogy",
        "Xdivy",
        "MulNoNan",
    ]
)
# What moves a variable's contents and computes nothing.
READS = ("ReadVariableOp", "ResourceReadVariableOp")
SILENT = ("VarHandleOp", "VarIsInitializedOp", "DestroyResourceOp", "NoOp", "AnonymousSeedGenerator", "ResourceGather_")
SAME = ("Identity", "StopGradient", "Reshape", "Snapshot")


class _Parts:
    """The private parts of TensorFlow, each None where this version has it not."""

    problem: str | None = None
    try:
        from tensorflow.python import pywrap_tfe
        from tensorflow.python.eager import backprop, core, execute
        from tensorflow.python.ops import gen_resource_variable_ops as resources

        _needed = (
            pywrap_tfe.TFE_Py_FastPathExecute,
            core._FallbackException,
            execute.execute,
        )
    except (ImportError, AttributeError) as error:  # pragma: no cover - another TensorFlow
        problem = f"this version of TensorFlow hides how operations are run ({error}), so that steps cannot be traced"
    lines = problem is None and all(
        hasattr(*one)
        for one in (
            (pywrap_tfe, "TFE_Py_TapeSetRecordOperation"),
            (execute, "record_gradient"),
            (execute, "must_record_gradient"),
            (backprop, "_gradient_function"),
        )
    )


PROBLEM = _Parts.problem


class EagerTrace:
    """Runs a step op by op. `names` are the names of variables, by their handles' numbers."""

    def __init__(self, recorder: Recorder, variables: Mapping[str, Any]) -> None:
        self._recorder = recorder
        self._phase = "forward"
        self._silent = 0
        self._forward: Traced | None = None
        self._values: dict[int, Value] = {}
        self._contents: dict[int, Value] = {}
        self._handles: dict[int, tuple[str | None, Any]] = {}
        self._layers: list[str] = []
        self._alive: list[Any] = []
        self._execute: Callable[..., Any] = _Parts.execute.execute
        if not _Parts.lines:
            recorder.note("lines of backward operations: this version of TensorFlow hides them")
        with self.paused():
            for name, variable in variables.items():
                inner = getattr(variable, "value", None)
                variable = variable if inner is None or callable(inner) else inner
                self._handles[variable.handle._id] = (name, variable.dtype)
                self._read(variable.handle)

    def leaf(self, tensor: Any, name: str) -> None:
        """Names a tensor that no operation of the step made."""
        self._values[tensor._id] = value(self._recorder.new_id(), name, _dtype(tensor), _numbers(tensor))
        self._alive.append(tensor)

    def identity(self, tensor: Any) -> int | None:
        """The number of a tensor's or a variable's contents as they are now."""
        if tensor is None:
            return None
        if isinstance(tensor, tf.IndexedSlices):
            tensor = tensor.values
        handle = getattr(tensor, "handle", None)
        if handle is not None:
            with self.paused():
                return int(self._read(handle)["id"])
        found = self._values.get(getattr(tensor, "_id", -1))
        return None if found is None else int(found["id"])

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Does not record what is computed meanwhile: it is nanproof's own."""
        self._silent += 1
        try:
            yield
        finally:
            self._silent -= 1

    @contextmanager
    def running(self) -> Iterator[None]:
        """Records what is computed meanwhile."""
        parts = _Parts
        trace = self

        def no_fast_path(*_: Any, **__: Any) -> Any:
            raise parts.core._FallbackException

        gradient_of, enter = parts.backprop.GradientTape.gradient, parts.backprop.GradientTape.__enter__

        def gradient(tape: Any, *arguments: Any, **named: Any) -> Any:
            before, trace._phase = trace._phase, "backward"
            try:
                found = gradient_of(tape, *arguments, **named)
            finally:
                trace._phase = "update" if before != "backward" else before
            return found

        def entered(tape: Any) -> Any:
            if trace._phase == "update":
                trace._phase = "forward"
            return enter(tape)

        eager = tf.config.functions_run_eagerly()
        with ExitStack() as stack:
            stack.callback(tf.config.run_functions_eagerly, eager)
            tf.config.run_functions_eagerly(True)
            _swap(stack, parts.pywrap_tfe, "TFE_Py_FastPathExecute", no_fast_path)
            _swap(stack, parts.execute, "execute", self._executed)
            _swap(stack, parts.backprop.GradientTape, "gradient", gradient)
            _swap(stack, parts.backprop.GradientTape, "__enter__", entered)
            if parts.lines:
                _swap(stack, parts.execute, "must_record_gradient", lambda: True)
                _swap(stack, parts.execute, "record_gradient", self._record_gradient)
            stack.enter_context(self._named_layers())
            yield

    def _record_gradient(self, name: str, inputs: Any, attributes: Any, outputs: Any) -> None:
        forward = self._recorder.traced[-1] if self._recorder.traced and not self._silent else None
        inputs, outputs = list(inputs), list(outputs)

        def backward(*gradients: Any) -> Any:
            before, self._forward = self._forward, forward
            try:
                found = _Parts.backprop._gradient_function(
                    name, attributes, len(inputs), inputs, outputs, list(gradients), [], None
                )
                return list(found) if isinstance(found, list | tuple) else [found]
            finally:
                self._forward = before

        _Parts.pywrap_tfe.TFE_Py_TapeSetRecordOperation(name, outputs, inputs, backward, None)

    def _executed(self, op_name: Any, num_outputs: int, inputs: Any, attrs: Any, ctx: Any, name: Any = None) -> Any:
        operation = op_name.decode() if isinstance(op_name, bytes) else str(op_name)
        handles = [one for one in inputs if getattr(one, "dtype", None) == tf.resource]
        taken: list[Value] = []
        arrays: list[Array] = []
        if not self._silent and operation not in READS:
            with self.paused():
                taken = [self._value(one) for one in inputs if _has_numbers(one)]
                taken += [self._read(one) for one in handles if self._is_variable(one)]
                if operation in POINTWISE:
                    arrays = [_numbers(one) for one in inputs[:STATISTICS_LIMIT] if _has_numbers(one)]
        results = self._execute(op_name, num_outputs, inputs, attrs, ctx, name)
        if self._silent:
            return results
        with self.paused():
            self._note(operation, results, inputs, handles, taken, arrays)
        return results

    def _note(self, operation: str, results: Any, inputs: Any, handles: Any, taken: list[Value], arrays: list[Array]) -> None:
        outputs = [one for one in (results or []) if _has_numbers(one)]
        if operation in READS:
            for one in outputs:
                self._values[one._id] = self._read(inputs[0])
                self._alive.append(one)
            return
        if operation in SAME and len(outputs) == 1 and taken:
            # The contents are those of the input.
            found = {**taken[0], "shape": [int(length) for length in outputs[0].shape]}
            self._values[outputs[0]._id] = found
            self._alive.append(outputs[0])
            made = [found]
        else:
            made = [self._value(one) for one in outputs]
        writes = operation.startswith(("Assign", "ResourceApply", "ResourceSparseApply", "ResourceScatter"))
        if writes:
            for handle in handles:
                if self._is_variable(handle):
                    self._contents.pop(handle._id, None)
                    made.append(self._read(handle))
        if not made:
            return
        bad = None
        if any(one["nan"] + one["inf"] for one in made):
            numbers = [_numbers(one) for one in outputs]
            numbers += [self._numbers_of(handle) for handle in handles if writes and self._is_variable(handle)]
            bad = first_bad(numbers, arrays if operation in POINTWISE else None)
        place = place_here(3)
        forward = self._forward if self._phase == "backward" else None
        layer = self._layers[-1] if self._layers else None
        if forward is not None:
            line_of = "forward" if forward.place.line_of == "operation" else forward.place.line_of
            place, layer = forward.place._replace(line_of=line_of), forward.record["layer"]
        elif self._phase == "backward" and place.line_of == "operation":
            # A sum of gradients belongs to no operation of the person's.
            place = place._replace(line_of="call")
        self._recorder.add(self._phase, operation, place, taken, made, layer=layer, bad=bad, forward=forward)

    def _is_variable(self, handle: Any) -> bool:
        if handle._id in self._handles:
            return True
        try:
            data = handle._handle_data
            dtype = tf.as_dtype(data.shape_and_type[0].dtype)
            self._handles[handle._id] = (None, dtype)
            self._numbers_of(handle)
        except (AttributeError, IndexError, TypeError, tf.errors.OpError):
            self._handles.pop(handle._id, None)
            return False
        return True

    def _numbers_of(self, handle: Any) -> Array:
        dtype = self._handles[handle._id][1]
        return _numbers(_Parts.resources.read_variable_op(handle, tf.as_dtype(dtype)))

    def _read(self, handle: Any) -> Value:
        found = self._contents.get(handle._id)
        if found is None:
            name, dtype = self._handles.get(handle._id, (None, None))
            if dtype is None and not self._is_variable(handle):
                raise NanproofError("unsupported", "the step reads a resource that is no variable")
            numbers = self._numbers_of(handle)
            first = handle._id not in self._seen_handles
            self._seen_handles.add(handle._id)
            kind = _name_of(tf.as_dtype(self._handles[handle._id][1]))
            found = value(self._recorder.new_id(), name if first else None, kind, numbers)
            self._contents[handle._id] = found
            self._alive.append(handle)
        return found

    @property
    def _seen_handles(self) -> set[int]:
        return self.__dict__.setdefault("_seen", set())  # type: ignore[no-any-return]

    def _value(self, tensor: Any) -> Value:
        found = self._values.get(tensor._id)
        if found is None:
            found = value(self._recorder.new_id(), None, _dtype(tensor), _numbers(tensor))
            self._values[tensor._id] = found
            self._alive.append(tensor)
        return found

    @contextmanager
    def _named_layers(self) -> Iterator[None]:
        import sys

        keras = sys.modules.get("keras")
        if keras is None:
            yield
            return
        with ExitStack() as stack:
            call = keras.layers.Layer.__call__
            layers = self._layers

            def named(layer: Any, *arguments: Any, **given: Any) -> Any:
                layers.append(str(getattr(layer, "path", None) or layer.name))
                try:
                    return call(layer, *arguments, **given)
                finally:
                    layers.pop()

            _swap(stack, keras.layers.Layer, "__call__", named)
            yield


def _swap(stack: ExitStack, owner: Any, name: str, new: Any) -> None:
    old = getattr(owner, name)
    setattr(owner, name, new)
    stack.callback(setattr, owner, name, old)


def _has_numbers(tensor: Any) -> bool:
    dtype = getattr(tensor, "dtype", None)
    return hasattr(tensor, "_id") and dtype is not None and dtype not in (tf.resource, tf.variant, tf.string)


def _numbers(tensor: Any) -> Array:
    found = np.asarray(tensor)
    return found.astype(np.float32) if str(found.dtype) == "bfloat16" or found.dtype.kind == "V" else found


def _name_of(dtype: Any) -> str:
    if dtype == tf.bfloat16:
        return "BF16"
    try:
        return tensor_of(np.empty(0, dtype.as_numpy_dtype)).dtype
    except (NanproofError, TypeError):
        return re.sub(r"[^A-Za-z0-9]", "", str(dtype.name))


def _dtype(tensor: Any) -> str:
    return _name_of(tensor.dtype)
