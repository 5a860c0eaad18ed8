"""The Python client of nanproof: `watch` wraps a training step, `program` a whole training that a hunt may vary."""

from __future__ import annotations

import importlib
from typing import Any

from .errors import CaseEnded, NanproofError, TrainingDied
from .gauges import gauge
from .knobs import choice, integer, lengths, log_uniform, uniform
from .programs import program
from .watching import watch

__all__ = [
    "CaseEnded",
    "NanproofError",
    "TrainingDied",
    "choice",
    "gauge",
    "integer",
    "lengths",
    "log_uniform",
    "program",
    "uniform",
    "watch",
]


def __getattr__(name: str) -> Any:
    """Gives `nanproof.keras`, which imports Keras and so is imported only when it is asked for."""
    if name == "keras":
        return importlib.import_module(".keras", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
