"""Knobs: what a hunt may vary. Each is checked when it is made, and goes to the harness as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .errors import NanproofError

Choice = str | int | float | bool
LARGEST = 2**53 - 1


@dataclass(frozen=True)
class Knob:
    """A knob: its kind, the JSON that the harness gets, and the value of a plain run."""

    kind: Literal["integer", "uniform", "logUniform", "choice", "lengths"]
    record: dict[str, Any]

    @property
    def default(self) -> Any:
        """The value of a plain run."""
        return self.record["default"]

    def misfit(self, value: Any) -> str | None:
        """Why the knob cannot have a value, or None where it can."""
        if self.kind == "integer":
            return _outside(value, self.record) if is_whole(value) else "it is no whole number"
        if self.kind in ("uniform", "logUniform"):
            return _outside(value, self.record) if is_finite(value) else "it is no finite number"
        if self.kind == "choice":
            choices = self.record["choices"]
            fits = any(type(one) is type(value) and one == value or _same_number(one, value) for one in choices)
            return None if fits else f"it is none of {show(choices)}"
        return self._misfit_of_lengths(value)

    def _misfit_of_lengths(self, value: Any) -> str | None:
        if not isinstance(value, list | tuple) or not all(is_whole(one) for one in value):
            return "it is no list of whole numbers"
        fewest, most = self.record["rows"]
        if not fewest <= len(value) <= most:
            return f"it has {len(value)} rows, and there can be {fewest} to {most}"
        shortest, longest = self.record["time"]
        wrong = [one for one in value if not shortest <= one <= longest]
        return f"{wrong[0]} is not from {shortest} to {longest}" if wrong else None

    def value(self, value: Any) -> Any:
        """A value as `train` gets it: of the kind that the knob is, so that 5 for a real number is 5.0."""
        if self.kind == "integer":
            return int(value)
        if self.kind in ("uniform", "logUniform"):
            return float(value)
        if self.kind == "lengths":
            return [int(one) for one in value]
        return next(one for one in self.record["choices"] if one == value and type(one) is not bool or one is value)


def integer(least: int, most: int, *, default: int | None = None) -> Knob:
    """A whole number from `least` to `most`, both included. Without a default a plain run takes `least`.

    Raises NanproofError when the bounds are no whole numbers or the wrong way round, or the default is not between them.
    """
    _check_range("integer", least, most, is_whole, "whole numbers")
    chosen = least if default is None else default
    return _checked(Knob("integer", {"kind": "integer", "min": least, "max": most, "default": chosen}))


def uniform(least: float, most: float, *, default: float | None = None) -> Knob:
    """A number from `least` to `most`. Without a default a plain run takes the middle.

    Raises NanproofError when the bounds are no numbers or the wrong way round, or the default is not between them.
    """
    _check_range("uniform", least, most, is_finite, "finite numbers")
    chosen = least / 2 + most / 2 if default is None else default
    return _checked(Knob("uniform", {"kind": "uniform", "min": least, "max": most, "default": chosen}))


def log_uniform(least: float, most: float, *, default: float | None = None) -> Knob:
    """A number from `least` to `most`, each power of ten as likely as the other. Without a default: the geometric middle.

    Raises NanproofError when the bounds are not above 0 or the wrong way round, or the default is not between them.
    """
    _check_range("log_uniform", least, most, lambda value: is_finite(value) and value > 0, "numbers above 0")
    middle = min(most, max(least, math.sqrt(least) * math.sqrt(most)))
    chosen = middle if default is None else default
    return _checked(Knob("logUniform", {"kind": "logUniform", "min": least, "max": most, "default": chosen}))


def choice(choices: Sequence[Choice], *, default: Choice | None = None) -> Knob:
    """One of a list of strings, numbers or booleans. Without a default a plain run takes the first.

    Raises NanproofError when the list is empty, holds anything else, or does not hold the default.
    """
    valid = isinstance(choices, list | tuple) and len(choices) > 0
    if not valid or not all(isinstance(one, str | bool) or is_finite(one) for one in choices):
        raise NanproofError(
            "knobs",
            f"choice({show(choices)}) is no list of strings, numbers and booleans. "
            'Write what there is to choose from: choice(["before", "after"])',
        )
    chosen = choices[0] if default is None else default
    return _checked(Knob("choice", {"kind": "choice", "choices": list(choices), "default": chosen}))


def lengths(*, rows: tuple[int, int], time: tuple[int, int], default: Sequence[int] | None = None) -> Knob:
    """A list of whole numbers, one a row: how many rows, and how long each. Without a default: the most, each the longest.

    Raises NanproofError when a range is none of whole numbers from 0 on, or the default does not fit them.
    """
    for name, given, floor in (("rows", rows, 1), ("time", time, 0)):
        if not isinstance(given, list | tuple) or len(given) != 2:
            raise NanproofError(
                "knobs",
                f"lengths(...) has {name}={show(given)}, which is no range. "
                "Write the least and the most: lengths(rows=(1, 8), time=(1, 64))",
            )
        what = f"whole numbers from {floor} on"
        _check_range(f"lengths' {name}", given[0], given[1], _whole_from(floor), what)
    chosen = [time[1]] * rows[1] if default is None else list(default)
    record = {"kind": "lengths", "rows": list(rows), "time": list(time), "default": chosen}
    return _checked(Knob("lengths", record))


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number that JSON's readers hold exactly."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST


def is_finite(value: Any) -> bool:
    """Whether a value is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def show(value: Any) -> str:
    """A value as a person would write it, cut short."""
    try:
        return json.dumps(value)[:80]
    except (TypeError, ValueError):
        return repr(value)[:80]


def _whole_from(floor: int) -> Any:
    return lambda value: is_whole(value) and value >= floor


def _same_number(one: Any, other: Any) -> bool:
    return is_finite(one) and is_finite(other) and bool(one == other)


def _outside(value: float, record: dict[str, Any]) -> str | None:
    least, most = record["min"], record["max"]
    return None if least <= value <= most else f"not from {least} to {most}"


def _check_range(knob: str, least: Any, most: Any, valid: Any, what: str) -> None:
    if valid(least) and valid(most) and least <= most:
        return
    raise NanproofError(
        "knobs",
        f"{knob} from {show(least)} to {show(most)} is no range. Give the least and the most, in this order, as {what}",
    )


def _checked(knob: Knob) -> Knob:
    problem = knob.misfit(knob.default)
    if problem is None:
        return knob
    raise NanproofError(
        "knobs",
        f"{knob.kind} has default {show(knob.default)}: {problem}. Give a default that the knob can have, or none",
    )
