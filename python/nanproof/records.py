"""The record of a step: how it ended, and how large everything was."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .invariants import Invariant, violations
from .safetensors import Array
from .training import Observed, State


def record_of(before: State, observed: Observed, step: int, invariants: Sequence[Invariant]) -> dict[str, Any]:
    """A record as the protocol has it. `before` is the state that the step was run from."""
    after, seen = observed.after, observed.seen
    weights = [name for name in after if name.startswith("weight/")]
    gauges = {"weight": largest([_magnitude(after[name].numbers()) for name in weights])}
    shared = [name for name in weights if name in before and before[name].array.shape == after[name].array.shape]
    gauges["update"] = largest([_difference(before[name].numbers(), after[name].numbers()) for name in shared])
    frozen = [name for name in shared if before[name].array.tobytes() == after[name].array.tobytes()]
    zeros: list[str] = []
    if seen.gradients is not None and len(seen.gradients) > 0 and not seen.skipped:
        gauges["gradient"] = norm(list(seen.gradients.values()))
        zeros = [name for name, numbers in seen.gradients.items() if not numbers.any()]
    if seen.raw_gradient is not None:
        gauges["rawGradient"] = seen.raw_gradient
    gauges.update(observed.gauges)
    broken = violations(invariants, step, observed.loss, gauges)
    record: dict[str, Any] = {
        "step": step,
        "loss": observed.loss,
        "dead": None if observed.dead is None else observed.dead.json(),
        "skipped": seen.skipped,
        "gauges": gauges,
    }
    more = {"zeroGradients": zeros, "frozen": frozen, "violated": broken}
    return {**record, **{name: found for name, found in more.items() if found}}


def largest(numbers: list[float]) -> float:
    """The largest, or NaN where one is NaN, or 0 of none."""
    return math.nan if any(math.isnan(one) for one in numbers) else max(numbers, default=0.0)


def norm(arrays: list[Array]) -> float:
    """The 2-norm of all numbers of some arrays together."""
    with np.errstate(all="ignore"):
        return float(math.sqrt(sum(float(np.square(one.astype(np.float64)).sum()) for one in arrays)))


def _magnitude(numbers: Array) -> float:
    return float(np.abs(numbers).max()) if numbers.size else 0.0


def _difference(one: Array, other: Array) -> float:
    with np.errstate(all="ignore"):
        return _magnitude(other.astype(np.float64) - one) if one.size else 0.0
