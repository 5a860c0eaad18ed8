"""What is done to every step of a case from outside of the program: remedies that need no line of it changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import NanproofError
from ..safetensors import Tensor, tensor_of
from ..training import Observed, State, Training

FIELDS = ("clipNorm", "skipNonFinite", "learningRateFactor")


@dataclass(frozen=True)
class Intervention:
    """Clipping is done where the optimizer gets its gradients; the others when the step has been run."""

    clip_norm: float | None = None
    skip_non_finite: bool = False
    learning_rate_factor: float | None = None

    def begin(self, training: Training) -> None:
        """Has gradients clipped from now on. Raises NanproofError (unsupported) where something cannot be done."""
        if self.clip_norm is not None:
            training.clip(self.clip_norm)

    def after(self, training: Training, before: State, batch: tuple[Any, ...], observed: Observed) -> Observed:
        """What is told of a step on `batch` that began with the state `before`, once all has been done to it."""
        if self.skip_non_finite and observed.dead is not None:
            kept = {name: one for name, one in before.items() if not name.startswith("random/")}
            training.restore({**kept, **{name: one for name, one in observed.after.items() if name.startswith("random/")}})
            seen = replace(observed.seen, skipped=True)
            return replace(observed, dead=None, seen=seen, after=training.take())
        if self.learning_rate_factor is not None:
            factor, is_trained = self.learning_rate_factor, training.trained(batch)
            changed = {
                name: _between(before[name], one, factor)
                for name, one in observed.after.items()
                if is_trained(name) and one.is_float and name in before and before[name].array.shape == one.array.shape
            }
            training.adjust({**observed.after, **changed})
            return replace(observed, after=training.take())
        return observed


def intervention_of(given: Any) -> Intervention:
    """What a request asks for. Raises NanproofError (protocol) when it is nothing that can be done."""
    if given is None:
        return Intervention()
    unknown = [name for name in given if name not in FIELDS] if isinstance(given, dict) else [given]
    if unknown:
        raise NanproofError("protocol", f"an intervention has {', '.join(FIELDS)}, and not {unknown[0]}")
    for name in ("clipNorm", "learningRateFactor"):
        value = given.get(name, 1.0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            raise NanproofError("protocol", f"{name} is {value!r}: it is a number above 0")
    return Intervention(given.get("clipNorm"), given.get("skipNonFinite") is True, given.get("learningRateFactor"))


def _between(before: Tensor, after: Tensor, factor: float) -> Tensor:
    """A weight with its change multiplied, which is what the learning rate does."""
    old, new = before.numbers().astype(np.float64), after.numbers().astype(np.float64)
    with np.errstate(all="ignore"):
        numbers = old + factor * (new - old)
        if after.dtype == "BF16":
            return Tensor("BF16", _bfloat16(numbers))
        return tensor_of(numbers.astype(after.array.dtype))


def _bfloat16(numbers: Any) -> Any:
    """The bits of the bfloat16 nearest to each number, halves to even."""
    bits = numbers.astype(np.float32).view(np.uint32)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    return np.where(np.isnan(numbers), 0x7FC0, rounded).astype(np.uint16)
