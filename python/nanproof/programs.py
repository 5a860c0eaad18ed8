"""Programs: a whole training under test."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import NanproofError
from .invariants import Invariant, invariants_of
from .knobs import Knob, is_whole, show

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")
GIVEN = ("knobs", "seed", "watch", "steps", "random")


@dataclass(frozen=True)
class Program:
    """A training, its knobs, and the most steps that a case of it trains. Calling it calls the person's function."""

    train: Callable[..., Any]
    knobs: dict[str, Knob]
    steps: int
    invariants: list[Invariant]

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.train(*arguments, **named)


def program(
    knobs: Mapping[str, Knob] | None = None, steps: int = 200, invariants: Sequence[Any] | None = None
) -> Callable[[Callable[..., Any]], Program]:
    """Marks `train(knobs, seed, watch)` as a program; parameters named `steps` and `random` are given too.

    Raises NanproofError when a knob is no knob, steps is no whole number from 1 on, or train takes anything else.
    """
    if callable(knobs):
        raise NanproofError("load", "write @nanproof.program(knobs={...}, steps=200), with its brackets")
    named = dict(knobs or {})
    for name, knob in named.items():
        if not isinstance(name, str) or NAME.match(name) is None:
            raise NanproofError("knobs", f"{show(name)} is no name of a knob: letters, digits and _, no digit first")
        if not isinstance(knob, Knob):
            raise NanproofError(
                "knobs",
                f"knob {name} is {show(knob)}, which is no knob. Make it with integer, uniform, log_uniform, choice or lengths",
            )
    if not is_whole(steps) or steps < 1:
        raise NanproofError("load", f"steps={show(steps)} is no whole number from 1 on")
    checked = invariants_of(invariants)

    def mark(train: Callable[..., Any]) -> Program:
        if not callable(train):
            raise NanproofError("load", f"{show(train)} is no function to train with")
        for parameter in inspect.signature(train).parameters.values():
            required = parameter.default is parameter.empty and parameter.kind not in (
                parameter.VAR_KEYWORD,
                parameter.VAR_POSITIONAL,
            )
            if required and parameter.name not in GIVEN:
                raise NanproofError("load", f"train takes {parameter.name}; what it can be given is {', '.join(GIVEN)}")
        return Program(train, named, int(steps), checked)

    return mark


def arguments_of(train: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the things that a training can be given that it takes."""
    parameters = inspect.signature(train).parameters
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        return dict(given)
    return {name: value for name, value in given.items() if name in parameters}
