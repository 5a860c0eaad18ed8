"""Batches: nestings of tensors, numpy arrays and numbers, and the files that hold them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from . import safetensors
from .errors import NanproofError
from .safetensors import Tensor, tensor_of


class Tensors(Protocol):
    """What a framework knows of its own tensors."""

    def is_tensor(self, value: Any) -> bool:
        """Whether a value is a tensor of this framework that a file can hold."""

    def stored(self, value: Any) -> Tensor:
        """A tensor's numbers."""

    def made(self, tensor: Tensor, like: Any) -> Any:
        """A tensor like another with these numbers; of its dtype, where it lies."""

    def held(self, value: Any) -> Any:
        """A tensor that stays what it is, whatever becomes of the person's."""


@dataclass(frozen=True)
class Leaf:
    """A leaf of a batch that a file can hold: `kind` is tensor, array or number."""

    kind: str
    path: str
    value: Any


def leaves_of(batch: tuple[Any, ...], tensors: Tensors) -> tuple[list[Leaf], list[str]]:
    """The leaves of a batch, and the paths of all that is kept as it is.

    Raises NanproofError (batch) when there is something, but no tensor, array or number.
    """
    found: list[Leaf] = []
    kept: list[str] = []

    def visit(path: str, value: Any) -> Any:
        kind = kind_of(value, tensors)
        if kind is None:
            kept.append(path)
        else:
            found.append(Leaf(kind, path, value))
        return value

    with_leaves(batch, tensors, visit)
    if len(batch) > 0 and not found:
        raise NanproofError(
            "batch",
            f"step was called with {', '.join(repr(part)[:40] for part in batch)}: no tensor, array or number. "
            "Give the batch to step as tensors, numpy arrays or numbers, in lists and dicts",
        )
    return found, kept


def kind_of(value: Any, tensors: Tensors) -> str | None:
    """What a leaf is to a file: tensor, array, number, or None for what a file cannot hold."""
    if tensors.is_tensor(value):
        return "tensor"
    if isinstance(value, np.ndarray | np.generic):
        return "array" if value.dtype.newbyteorder("=") in safetensors.NAMES else None
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else None


def with_leaves(batch: tuple[Any, ...], tensors: Tensors, replace: Callable[[str, Any], Any]) -> tuple[Any, ...]:
    """The same nesting with other leaves: those that `replace(path, value)` gives for them."""

    def walk(value: Any, path: str) -> Any:
        if tensors.is_tensor(value):
            return replace(path, value)
        if isinstance(value, dict):
            return {key: walk(part, f"{path}/{key}") for key, part in value.items()}
        if isinstance(value, list | tuple):
            parts = [walk(part, f"{path}/{i}") for i, part in enumerate(value)]
            if isinstance(value, list):
                return parts
            return tuple(parts) if type(value) is tuple else type(value)(*parts)
        return replace(path, value)

    return tuple(walk(part, str(i)) for i, part in enumerate(batch))


def held_batch(batch: tuple[Any, ...], tensors: Tensors) -> tuple[Any, ...]:
    """A batch that stays what it is, whatever becomes of the person's tensors and arrays."""

    def hold(_: str, value: Any) -> Any:
        if tensors.is_tensor(value):
            return tensors.held(value)
        return value.copy() if isinstance(value, np.ndarray) else value

    return with_leaves(batch, tensors, hold)


def batch_tensors(batch: tuple[Any, ...], tensors: Tensors) -> list[tuple[Leaf, Tensor]]:
    """The leaves of a batch and their numbers."""
    return [(leaf, _stored(leaf, tensors)) for leaf in leaves_of(batch, tensors)[0]]


def write_batch(path: str | os.PathLike[str], batch: tuple[Any, ...], tensors: Tensors) -> None:
    """Writes a batch: tensors by path, and metadata on what each was and what is not in the file."""
    _, kept = leaves_of(batch, tensors)
    stored = batch_tensors(batch, tensors)
    metadata = {leaf.path: leaf.kind for leaf, _ in stored}
    if kept:
        metadata["kept"] = json.dumps(kept)
    safetensors.write(path, {leaf.path: tensor for leaf, tensor in stored}, metadata)


def read_batch(path: str | os.PathLike[str], like: tuple[Any, ...], tensors: Tensors) -> tuple[Any, ...]:
    """A batch like one that the program gave, with the contents of a file. Other lengths are no misfit.

    Raises NanproofError (restore) when paths, kinds, dtypes or the number of axes are not those of the program's batch.
    """
    found, metadata = safetensors.read(path)
    own = {leaf.path: (leaf, tensor) for leaf, tensor in batch_tensors(like, tensors)}
    for name in [*own, *(one for one in found if one not in own)]:
        problem = _misfit(own.get(name), found.get(name), metadata.get(name))
        if problem is not None:
            raise NanproofError("restore", f"part {name} of the batch does not fit this program: {problem}")

    def replace(name: str, value: Any) -> Any:
        if name not in found:
            return value
        tensor = found[name]
        if tensors.is_tensor(value):
            return tensors.made(tensor, value)
        if isinstance(value, np.generic):
            return tensor.array[()]
        if isinstance(value, np.ndarray):
            return tensor.array.astype(value.dtype)
        return type(value)(tensor.array)

    return with_leaves(like, tensors, replace)


def _stored(leaf: Leaf, tensors: Tensors) -> Tensor:
    if leaf.kind == "tensor":
        return tensors.stored(leaf.value)
    return tensor_of(np.float64(leaf.value) if leaf.kind == "number" else leaf.value)


def _misfit(own: tuple[Leaf, Tensor] | None, stored: Tensor | None, kind: str | None) -> str | None:
    if own is None:
        return "the program's batch has no such part"
    if stored is None:
        return "the file has no such part"
    leaf, tensor = own
    if kind is not None and kind != leaf.kind:
        return f"{leaf.kind} in the program and {kind} in the file"
    if tensor.dtype != stored.dtype:
        return f"{tensor.dtype} in the program and {stored.dtype} in the file"
    if tensor.array.ndim != stored.array.ndim:
        return f"{list(tensor.array.shape)} in the program and {list(stored.array.shape)} in the file"
    return None
