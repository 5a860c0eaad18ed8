"""The trace of a step of PyTorch: a dispatch mode over forward, backward and update.

The private parts of PyTorch that this needs are found in one place, `_Parts`, and probed when this is imported.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from ..batch import leaves_of
from ..frames import Place, is_personal, own_frame
from ..loss import loss_part
from ..safetensors import Array
from ..trace import STATISTICS_LIMIT, Recorder, Traced, Value, first_bad, place_here, value
from ..training import Seen
from .torch import TorchTraining

try:
    from torch.utils._python_dispatch import TorchDispatchMode

    PROBLEM: str | None = None
except ImportError:  # pragma: no cover - an older PyTorch
    TorchDispatchMode = object
    PROBLEM = "this version of PyTorch has no TorchDispatchMode, so that steps cannot be traced: PyTorch 2.0 has it"


class _Parts:
    """The private parts of PyTorch, each None where this version has it not."""

    node = getattr(torch._C, "_current_autograd_node", None)
    sequence = getattr(getattr(torch._C, "_autograd", None), "_get_sequence_nr", None)
    pointwise = getattr(getattr(torch, "Tag", None), "pointwise", None)
    before_module = getattr(torch.nn.modules.module, "register_module_forward_pre_hook", None)
    after_module = getattr(torch.nn.modules.module, "register_module_forward_hook", None)

    @staticmethod
    @contextmanager
    def short_stacks() -> Iterator[None]:
        """Has a node of the graph keep the person's innermost line alone: whole stacks take a third of a trace."""
        module: Any = importlib.import_module("torch.fx.traceback")
        format_stack = getattr(module, "format_stack", None)
        if format_stack is not None:
            module.format_stack = _innermost
        try:
            yield
        finally:
            if format_stack is not None:
                module.format_stack = format_stack


def _innermost() -> list[str]:
    frame = own_frame(sys._getframe(1))
    return [] if frame is None else [f'  File "{frame.f_code.co_filename}", line {frame.f_lineno}, in {frame.f_code.co_name}\n']


DTYPES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}
FRAME = re.compile(r'\s*File "(.+)", line (\d+), in (.+)')
SILENT = re.compile(r"aten\.(empty|empty_like|new_empty|empty_strided|new_empty_strided|empty_permuted)$")


def traced(training: TorchTraining, batch: tuple[Any, ...], seen: Seen, recorder: Recorder) -> Any:
    """Runs a step op by op, and gives what it gave."""
    mode = _Mode(recorder, training)
    for leaf in leaves_of(batch, training)[0]:
        if leaf.kind == "tensor":
            mode.name(leaf.value, f"batch/{leaf.path}")
    for name, one in training.weights.items():
        mode.name(one, f"weight/{name}")
    for name, one in training.buffers().items():
        mode.name(one, f"buffer/{name}")
    for name, one in training.slots():
        if isinstance(one, torch.Tensor):
            mode.name(one, name)
    if _Parts.node is None:
        recorder.note("lines of backward operations: this version of PyTorch hides them")
    if _Parts.before_module is None or _Parts.after_module is None:
        recorder.note("modules: this version of PyTorch hides which one computes")
    gradients: dict[str, Any] = recorder.end["gradients"]

    def on_gradients(parameters: list[Any]) -> None:
        for one in parameters:
            if one.grad is not None:
                gradients[f"weight/{training.name_of[id(one)]}"] = mode.identity(one.grad)

    training._pause = mode.paused
    training._on_gradients = on_gradients
    try:
        with _Parts.short_stacks(), torch.autograd.set_detect_anomaly(True, check_nan=False), mode.modules(), mode:
            result = training.run(batch, seen)
    finally:
        training._pause = None
        training._on_gradients = None
    loss = loss_part(result)
    recorder.end["loss"] = mode.identity(loss) if isinstance(loss, torch.Tensor) else mode.last_item(loss)
    recorder.end["weights"] = {f"weight/{name}": mode.identity(one) for name, one in training.weights.items()}
    slots = {name: one for name, one in training.slots() if isinstance(one, torch.Tensor)}
    recorder.end["slots"] = {name: mode.identity(one) for name, one in slots.items() if name.startswith("slot/")}
    mode.finish()
    return result


def traced_variables(
    training: Any,
    batch: tuple[Any, ...],
    variables: dict[str, torch.Tensor],
    gradients: dict[str, Any],
    run: Any,
    recorder: Recorder,
    loss_of: Any,
) -> Any:
    """Runs a step of Keras on PyTorch op by op. `gradients` is filled by the step with those that the optimizer is given."""
    mode = _Mode(recorder, training)
    for leaf in leaves_of(batch, training)[0]:
        if leaf.kind == "tensor":
            mode.name(leaf.value, f"batch/{leaf.path}")
    for name, one in variables.items():
        mode.name(one, name)
    kept = []
    with _Parts.short_stacks(), torch.autograd.set_detect_anomaly(True, check_nan=False), mode.layers_of_keras(), mode:
        result = run()
        kept = list(gradients.items())
    loss = loss_of(result)
    recorder.end["loss"] = mode.identity(loss) if isinstance(loss, torch.Tensor) else mode.last_item(loss)
    recorder.end["gradients"] = {name: mode.identity(one) for name, one in kept if isinstance(one, torch.Tensor)}
    for group, prefix in (("weights", "weight/"), ("slots", "slot/")):
        found = {name: one for name, one in variables.items() if name.startswith(prefix)}
        recorder.end[group] = {name: mode.identity(one) for name, one in found.items()}
    mode.finish()
    return result


class _Contents:
    """What is known of a piece of memory between two writes: values by their layout, and the operation that wrote it."""

    def __init__(self, writer: Traced | None, before: _Contents | None) -> None:
        self.values: dict[Any, Value] = {}
        self.writer = writer
        self.before = before


class _Mode(TorchDispatchMode):  # type: ignore[misc]
    def __init__(self, recorder: Recorder, training: Any) -> None:
        super().__init__()
        self._recorder = recorder
        self._training = training
        self._memory: dict[int, _Contents] = {}
        self._names: dict[tuple[int, Any], str] = {}
        self._alive: list[Any] = []
        self._silent = 0
        self._backward_begun = False
        self._layers: list[str] = []
        self._forward: dict[int, Traced] = {}
        self._nodes: dict[int, tuple[Any, Place | None]] = {}
        self._items: dict[float, int] = {}
        self._last_sequence = -1

    # What is seen

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if self._silent:
            return func(*args, **kwargs)
        inputs = list(_tensors((args, kwargs)))
        node = None if _Parts.node is None else _Parts.node()
        phase = self._phase(node, inputs)
        operation = _operation(func)
        schema = getattr(func, "_schema", None)
        pointwise = _Parts.pointwise is not None and _Parts.pointwise in getattr(func, "tags", ())
        taken = [self._value(one) for one in inputs]
        arrays = [_numbers(one) for one in inputs[:STATISTICS_LIMIT]] if pointwise else []
        if pointwise:
            for at, number in enumerate(args[:STATISTICS_LIMIT]):
                if isinstance(number, int | float) and not isinstance(number, bool):
                    array = np.array(number, np.float64)
                    taken.insert(at, value(self._recorder.new_id(), None, "F64", array))
                    arrays.insert(at, array)
        arrays = [array.copy() for array in arrays] if _writes(schema) else arrays
        result = func(*args, **kwargs)
        outputs = list(_tensors(result))
        memory = {_pointer(one) for one in inputs}
        written = _written(schema, args, kwargs)
        if operation == "aten._local_scalar_dense" and taken:
            self._items[float(result)] = taken[0]["id"]
            return result
        if SILENT.match(operation):
            for one in outputs:
                self._memory[_pointer(one)] = _Contents(None, None)
            return result
        earlier = {}
        for one in written:
            pointer = _pointer(one)
            earlier[pointer] = self._memory.get(pointer)
            self._memory[pointer] = _Contents(None, earlier[pointer])
        for one in outputs:
            pointer = _pointer(one)
            if pointer not in memory and pointer not in earlier:
                self._memory[pointer] = _Contents(None, None)
        shown = outputs or written
        made = [self._value(one, made=True) for one in shown]
        bad = None
        if any(one["nan"] + one["inf"] for one in made):
            bad = first_bad([_numbers(one) for one in shown], arrays if pointwise else None)
        place, forward, layer = self._where(node, phase)
        record = self._recorder.add(
            phase,
            operation,
            place,
            taken,
            made,
            layer=layer,
            bad=bad,
            attributes=_attributes(args, kwargs),
            forward=forward,
        )
        if record is not None:
            for one in [*written, *outputs]:
                pointer = _pointer(one)
                if pointer in earlier or pointer not in memory:
                    self._memory[pointer].writer = record
            if phase == "forward":
                self._note_forward(record)
        return result

    def _phase(self, node: Any, inputs: list[torch.Tensor]) -> str:
        if node is not None:
            self._backward_begun = True
            return "backward"
        if not self._backward_begun:
            return "forward"
        again = torch.is_grad_enabled() and any(one.requires_grad for one in inputs)
        return "forward" if again else "update"

    def _where(self, node: Any, phase: str) -> tuple[Place, Traced | None, str | None]:
        here = place_here(2)
        if node is None:
            return here, None, self._layers[-1] if self._layers else None
        forward = self._forward.get(node._sequence_nr()) if hasattr(node, "_sequence_nr") else None
        adds_up = "AccumulateGrad" in type(node).__name__
        forward = None if adds_up else forward
        written = None if adds_up else self._node_place(node)
        layer = None if forward is None else forward.record["layer"]
        if written is None:
            if forward is not None:
                return forward.place._replace(line_of="forward"), forward, layer
            # What a gradient is added up in belongs to no operation of the person's.
            return here._replace(line_of="call", key=(type(node).__name__, here.key)), None, layer
        if forward is not None and (forward.place.file, forward.place.line) != (written.file, written.line):
            forward = None
        return written, forward, layer

    def _node_place(self, node: Any) -> Place | None:
        known = self._nodes.get(id(node))
        if known is not None and known[0] is node:
            return known[1]
        place = None
        try:
            lines = node.metadata.get("traceback_", [])
        except (AttributeError, RuntimeError):
            lines = []
        for text in reversed(lines):
            found = FRAME.match(text)
            if found is not None and is_personal(found[1]):
                key = (found[1], int(found[2]))
                place = Place(found[1], int(found[2]), found[3], "forward", key, key)
                break
        self._nodes[id(node)] = (node, place)
        return place

    def _note_forward(self, record: Traced) -> None:
        if _Parts.sequence is None:
            return
        sequence = _Parts.sequence() - 1
        if sequence != self._last_sequence:
            self._last_sequence = sequence
            self._forward.setdefault(sequence, record)

    # Values

    def name(self, tensor: torch.Tensor, name: str) -> None:
        """Names the contents that a tensor has before the step."""
        pointer = _pointer(tensor)
        self._memory.setdefault(pointer, _Contents(None, None))
        self._names[(pointer, _layout(tensor))] = name
        self._alive.append(tensor.detach())
        self._value(tensor)

    def identity(self, tensor: torch.Tensor) -> int:
        """The number of the contents of a tensor as they are now."""
        return int(self._value(tensor)["id"])

    def last_item(self, number: Any) -> int | None:
        """The number of the tensor that a Python number was taken from."""
        try:
            return self._items.get(float(number))
        except (TypeError, ValueError):
            return None

    def finish(self) -> None:
        """Lets go of what was kept."""
        self._memory.clear()
        self._alive.clear()
        self._nodes.clear()

    def _value(self, tensor: torch.Tensor, *, made: bool = False) -> Value:
        pointer, layout = _pointer(tensor), _layout(tensor)
        contents = self._memory.get(pointer)
        if contents is None:
            contents = self._memory[pointer] = _Contents(None, None)
        found = contents.values.get(layout)
        if found is None:
            name = self._names.get((pointer, layout)) if contents.before is None and contents.writer is None else None
            found = value(self._recorder.new_id(), name, _dtype(tensor), _numbers(tensor))
            contents.values[layout] = found
            # Read with another layout than it was written: the operation that wrote it made this too.
            if contents.writer is not None and not made:
                contents.writer.record["outputs"].append(found)
                before = contents.before.values if contents.before is not None else {}
                old = before.get(layout) or next(iter(before.values()), None)
                if old is not None:
                    contents.writer.record["inputs"].append(old)
        return found

    # Around

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Does not record what is computed meanwhile: it is nanproof's own."""
        self._silent += 1
        try:
            yield
        finally:
            self._silent -= 1

    @contextmanager
    def layers_of_keras(self) -> Iterator[None]:
        """Follows which layer of Keras computes."""
        import keras

        call, layers = keras.layers.Layer.__call__, self._layers

        def named(layer: Any, *arguments: Any, **given: Any) -> Any:
            layers.append(str(getattr(layer, "path", None) or layer.name))
            try:
                return call(layer, *arguments, **given)
            finally:
                layers.pop()

        keras.layers.Layer.__call__ = named
        try:
            yield
        finally:
            keras.layers.Layer.__call__ = call

    @contextmanager
    def modules(self) -> Iterator[None]:
        """Follows which module computes."""
        if _Parts.before_module is None or _Parts.after_module is None:
            yield
            return
        names: dict[int, str] = {}
        for prefix, model in self._training.models.items():
            if isinstance(model, torch.nn.Module):
                for name, module in model.named_modules():
                    names.setdefault(id(module), ".".join(part for part in (prefix, name) if part))

        def enter(module: Any, _: Any) -> None:
            outer = self._layers[-1] if self._layers else ""
            self._layers.append(names.get(id(module)) or outer)

        def leave(module: Any, *_: Any) -> None:
            if self._layers:
                self._layers.pop()

        handles = [_Parts.before_module(enter), _Parts.after_module(leave)]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()
            self._layers.clear()


def _operation(func: Any) -> str:
    name = str(getattr(func, "overloadpacket", func))
    return re.sub(r"[^A-Za-z0-9._]", "_", name)[:80]


def _tensors(nest: Any) -> Iterator[torch.Tensor]:
    if isinstance(nest, torch.Tensor):
        yield nest
    elif isinstance(nest, dict):
        for part in nest.values():
            yield from _tensors(part)
    elif isinstance(nest, list | tuple):
        for part in nest:
            yield from _tensors(part)


def _writes(schema: Any) -> bool:
    return schema is not None and schema.is_mutable


def _written(schema: Any, args: Any, kwargs: Any) -> list[torch.Tensor]:
    if not _writes(schema):
        return []
    found: list[torch.Tensor] = []
    for i, argument in enumerate(schema.arguments):
        if argument.alias_info is not None and argument.alias_info.is_write:
            given = args[i] if i < len(args) else kwargs.get(argument.name)
            found.extend(_tensors(given))
    return found


def _pointer(tensor: torch.Tensor) -> int:
    try:
        pointer = tensor.untyped_storage().data_ptr()
    except (RuntimeError, NotImplementedError):
        pointer = 0
    return pointer or -id(tensor)


def _layout(tensor: torch.Tensor) -> Any:
    if tensor.layout != torch.strided:
        return (tensor.dtype, tuple(tensor.shape))
    return (tensor.storage_offset(), tuple(tensor.shape), tensor.stride(), tensor.dtype)


def _dtype(tensor: torch.Tensor) -> str:
    return DTYPES.get(tensor.dtype, str(tensor.dtype).removeprefix("torch."))


def _numbers(tensor: torch.Tensor) -> Array:
    tensor = tensor.detach()
    if tensor.layout != torch.strided:
        tensor = tensor.to_dense()
    tensor = tensor.cpu()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.float()
    try:
        found: Array = tensor.resolve_conj().resolve_neg().numpy()
        return found
    except (TypeError, RuntimeError):
        return np.zeros(tuple(tensor.shape), np.uint8)


def _attributes(args: Any, kwargs: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, one in [*((str(i), one) for i, one in enumerate(args)), *kwargs.items()]:
        small = isinstance(one, list | tuple) and len(one) <= 8 and all(isinstance(part, int | float) for part in one)
        if isinstance(one, int | float | bool) or (small and len(one) > 0):
            found[name] = one
    return found
