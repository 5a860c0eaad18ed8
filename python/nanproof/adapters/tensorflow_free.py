"""Names of variables and their numbers, for what has variables as Keras and TensorFlow have them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..safetensors import Array, Tensor, tensor_of

RATES = ("learning_rate",)


def name_variables(given: Iterable[tuple[str | None, Any]]) -> dict[str, Any]:
    """Variables by name and role: trained ones are weights, generators' states are random, all else are buffers."""
    named: dict[str, Any] = {}
    for name, one in given:
        plain = name or re.sub(r":\d+$", "", str(getattr(one, "path", None) or one.name))
        random = "seed_generator_state" in plain
        role = "random" if random else "weight" if getattr(one, "trainable", True) else "buffer"
        unique, again = f"{role}/{plain}", 1
        while unique in named:
            unique, again = f"{role}/{plain}_{again}", again + 1
        named[unique] = one
    return named


def listed_variables(optimizer: Any) -> list[Any]:
    """All of an optimizer's variables."""
    return list(optimizer.variables() if callable(optimizer.variables) else optimizer.variables)


def name_slots(optimizer: Any, weights: Mapping[str, Any]) -> dict[str, Any]:
    """An optimizer's variables: slots by weight, counters; a learning rate is no state."""
    named: dict[str, Any] = {}
    for one in listed_variables(optimizer):
        path = re.sub(r":\d+$", "", str(getattr(one, "path", None) or one.name))
        last = path.rpartition("/")[2]
        if last in RATES:
            continue
        if len(one.shape) == 0 or last in ("iteration", "iterations", "iter"):
            name = f"counter/{path}"
        else:
            tail = path.partition("/")[2] or path
            owners = [w for w in weights if tail.startswith((w.replace("/", "_") + "_", w + "/", w + "_"))]
            owner = max(owners, key=len, default=None)
            name = f"slot/{path}" if owner is None else f"slot/{owner}/{tail[len(owner) + 1 :]}"
        unique, again = name, 1
        while unique in named:
            unique, again = f"{name}_{again}", again + 1
        named[unique] = one
    return named


def stored(array: Array) -> Tensor:
    """An array's numbers, of bfloat16 their bits."""
    if str(array.dtype) == "bfloat16":
        return Tensor("BF16", array.view(np.uint16))
    return tensor_of(array)


def numbers_for(tensor: Tensor, dtype: Any) -> Array:
    """A tensor's numbers as an array of a framework's dtype."""
    return tensor.array.view(dtype) if tensor.dtype == "BF16" else tensor.array.astype(dtype, copy=False)
