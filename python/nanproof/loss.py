"""The loss in what a step gave."""

from __future__ import annotations

from typing import Any

import numpy as np

from .errors import NanproofError


def loss_part(result: Any) -> Any:
    """The part of a result that is the loss: itself, the first of a list, or `loss` of a dict."""
    if isinstance(result, dict) and "loss" in result:
        return result["loss"]
    if isinstance(result, list | tuple) and len(result) > 0:
        return loss_part(result[0])
    return result


def loss_of(result: Any) -> float:
    """The loss as a number.

    Raises NanproofError (program) when a step gave none.
    """
    part = loss_part(result)
    if isinstance(part, int | float):
        return float(part)
    if hasattr(part, "detach"):
        part = part.detach().cpu()
        part = part.double() if part.dim() == 0 or part.numel() == 1 else part
    shape = getattr(part, "shape", None)
    if shape is not None and all(length == 1 for length in shape):
        return float(np.asarray(part, dtype=np.float64).reshape(()))
    what = f"a tensor of shape {list(shape)}" if shape is not None else repr(part)[:80]
    raise NanproofError("program", f"the step gave {what}, which is no loss. Give the loss back: a scalar or a number")
