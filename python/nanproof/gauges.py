"""Gauges of the person's own: numbers that a step reports."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

_open: list[dict[str, float]] = []


def gauge(name: str, value: Any) -> None:
    """Reports a number or a tensor (its largest magnitude) that a hunt may be guided by. Outside a step it does nothing.

    Raises TypeError when the value is neither.
    """
    if _open:
        _open[-1][str(name)] = _largest(value)


class Gauges:
    """Collects what a step reports while it runs: `with Gauges() as found`."""

    def __enter__(self) -> dict[str, float]:
        found: dict[str, float] = {}
        _open.append(found)
        return found

    def __exit__(self, *_: object) -> None:
        _open.pop()


def _largest(value: Any) -> float:
    if isinstance(value, int | float):
        return float(value)
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.float() if value.is_floating_point() else value
    array = np.abs(np.asarray(value, dtype=np.float64))
    if array.size == 0:
        return 0.0
    largest = float(array.max())
    return math.nan if np.isnan(array).any() else largest
