"""Invariants of the person's own: what must hold after every step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import NanproofError

Check = Callable[[int, float, dict[str, float]], str | None]


@dataclass(frozen=True)
class Invariant:
    """An invariant: `check(step, loss, gauges)` gives None, or what is wrong."""

    name: str
    check: Check


def invariants_of(given: Sequence[Any] | None) -> list[Invariant]:
    """The invariants that a person wrote down as dicts, objects or pairs.

    Raises NanproofError (load) when one has no name or no check.
    """
    found = []
    for one in given or ():
        name, check = one if isinstance(one, tuple) else (_part(one, "name"), _part(one, "check"))
        if not isinstance(name, str) or not callable(check):
            raise NanproofError(
                "load", f'{one!r} is no invariant. Write {{"name": "small", "check": lambda step, loss, gauges: None}}'
            )
        found.append(Invariant(name, check))
    return found


def violations(invariants: Sequence[Invariant], step: int, loss: float, gauges: dict[str, float]) -> list[dict[str, str]]:
    """The invariants that a step broke, with what is wrong."""
    broken = [(one.name, one.check(step, loss, gauges)) for one in invariants]
    return [{"name": name, "message": str(message)} for name, message in broken if message is not None]


def _part(one: Any, name: str) -> Any:
    return one.get(name) if isinstance(one, dict) else getattr(one, name, None)
