"""The trace of a step: what was computed, where, and what it was like."""

from __future__ import annotations

import json
import math
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .frames import NOWHERE, Place, place_of
from .safetensors import Array

OPERATION_LIMIT = 200_000
STATISTICS_LIMIT = 8
# A place that is executed less often than this is taken for no loop over time.
FEWEST = 3

Value = dict[str, Any]
Operation = dict[str, Any]


@dataclass
class Traced:
    """An operation as the trace has it, and what is known of it beside that."""

    record: Operation
    place: Place
    forward: Traced | None
    known_timestep: bool = False


@dataclass
class Recorder:
    """Collects the operations of a step. `axes` are the lengths of the batch's axes."""

    axes: frozenset[int] = frozenset()
    traced: list[Traced] = field(default_factory=list)
    end: dict[str, Any] = field(
        default_factory=lambda: {"end": True, "loss": None, "gradients": {}, "weights": {}, "slots": {}}
    )
    notes: list[str] = field(default_factory=list)
    dropped: int = 0
    ids: int = 0

    def new_id(self) -> int:
        """A number for contents that are new."""
        self.ids += 1
        return self.ids

    def note(self, sentence: str) -> None:
        """Notes once what could not be told."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def add(
        self,
        phase: str,
        operation: str,
        place: Place,
        inputs: Sequence[Value],
        outputs: Sequence[Value],
        *,
        layer: str | None = None,
        bad: dict[str, Any] | None = None,
        attributes: dict[str, Any] | None = None,
        forward: Traced | None = None,
        timestep: int | None = None,
    ) -> Traced | None:
        """Adds an operation; None where the trace is full."""
        if len(self.traced) >= OPERATION_LIMIT:
            self.dropped += 1
            return None
        record: Operation = {
            "n": len(self.traced),
            "phase": phase,
            "operation": operation,
            "file": place.file,
            "line": place.line,
            "lineOf": place.line_of,
            "function": place.function,
            "layer": layer,
            "execution": 0,
            "of": 1,
            "timestep": timestep,
            "inputs": list(inputs),
            "outputs": list(outputs),
            "bad": bad,
        }
        if attributes:
            record["attributes"] = attributes
        traced = Traced(record, place, forward, timestep is not None)
        self.traced.append(traced)
        return traced

    def write(self, path: str | os.PathLike[str]) -> None:
        """Counts executions and timesteps and writes the trace: a line of JSON an operation, and one for the end."""
        self.count()
        if self.dropped:
            self.end["dropped"] = self.dropped
        with open(path, "w", encoding="utf-8") as file:
            for traced in self.traced:
                file.write(to_json(traced.record) + "\n")
            file.write(to_json(self.end) + "\n")

    def by_phase(self) -> None:
        """Puts forward before backward before update, each in order of execution."""
        order = ("forward", "backward", "update")
        self.traced.sort(key=lambda one: order.index(one.record["phase"]))
        for n, one in enumerate(self.traced):
            one.record["n"] = n

    def count(self) -> None:
        """Counts the executions of every place, and tells the timestep where a place is executed once a timestep."""
        for group in _groups((_key(one), one) for one in self.traced):
            for execution, one in enumerate(group):
                one.record["execution"], one.record["of"] = execution, len(group)
        loops = [turns for turns in _turns_by_path(self.traced) if len(turns) >= FEWEST]
        time = _length_of_time([len(turns) for turns in loops], self.axes)
        for turns in loops:
            if time is not None and abs(len(turns) - time) <= 1:
                for timestep, turn in enumerate(turns):
                    for one in turn:
                        one.record["timestep"] = timestep
        for one in self.traced:
            if one.forward is not None and not one.known_timestep:
                one.record["timestep"] = one.forward.record["timestep"]


def _turns_by_path(traced: list[Traced]) -> list[list[list[Traced]]]:
    """The turns of every loop: what a way of calls computes before another one computes something."""
    turns: dict[Any, list[list[Traced]]] = defaultdict(list)
    last: Any = None
    for one in traced:
        path = one.place.path
        if one.record["phase"] != "forward" or path is None or one.known_timestep:
            continue
        if path != last:
            turns[path].append([])
            last = path
        turns[path][-1].append(one)
    return [_parted(found[0]) if len(found) == 1 else found for found in turns.values()]


def _parted(turn: list[Traced]) -> list[list[Traced]]:
    """Parts what one way of calls computes without a break, where its operations repeat."""
    names = [one.record["operation"] for one in turn]
    for period in range(1, len(names) // FEWEST + 1):
        if len(names) % period == 0 and names == names[:period] * (len(names) // period):
            return [turn[at : at + period] for at in range(0, len(turn), period)]
    return [turn]


def _key(one: Traced) -> Any:
    record = one.record
    key = one.place.key
    if key is None:
        key = (record["file"], record["line"], record["layer"])
    if one.forward is not None:
        key = _key(one.forward)
    return key, record["operation"], record["phase"]


def _length_of_time(counts: list[int], axes: frozenset[int]) -> int | None:
    fitting = [count for count in counts if count in axes]
    votes = Counter(fitting or counts)
    return max(votes, key=lambda length: (votes[length], length)) if votes else None


def _groups(pairs: Iterable[tuple[Any, Traced]]) -> list[list[Traced]]:
    groups: dict[Any, list[Traced]] = defaultdict(list)
    for key, one in pairs:
        groups[key].append(one)
    return list(groups.values())


def value(identity: int, name: str | None, dtype: str, numbers: Array) -> Value:
    """What a tensor is like: its largest finite magnitude, its bounds, and how many are NaN, infinite, 0."""
    found: Value = {"id": identity, "name": name, "dtype": dtype, "shape": list(numbers.shape)}
    if numbers.dtype.kind == "c":
        numbers = np.abs(numbers)
    if numbers.dtype.kind not in "fiub" or numbers.size == 0:
        return {**found, "max": 0, "low": 0, "high": 0, "nan": 0, "inf": 0, "zeros": 0}
    if numbers.dtype.kind in "b":
        numbers = numbers.view(np.uint8)
    with np.errstate(all="ignore"):
        low, high = float(numbers.min()), float(numbers.max())
        nan = inf = 0
        largest = max(abs(low), abs(high))
        if not math.isfinite(largest):
            nan, inf = int(np.isnan(numbers).sum()), int(np.isinf(numbers).sum())
            finite = numbers[np.isfinite(numbers)]
            largest = float(np.abs(finite).max()) if finite.size else 0.0
            rest = numbers[~np.isnan(numbers)]
            low, high = (float(rest.min()), float(rest.max())) if rest.size else (0.0, 0.0)
        zeros = int(numbers.size - np.count_nonzero(numbers))
    return {**found, "max": largest, "low": low, "high": high, "nan": nan, "inf": inf, "zeros": zeros}


def first_bad(outputs: Sequence[Array], operands: Sequence[Array] | None) -> dict[str, Any] | None:
    """The first number of the outputs that is not finite, and, of an operation that works number by number, the operands'."""
    for place, numbers in enumerate(outputs):
        if numbers.dtype.kind not in "fc":
            continue
        wrong = ~np.isfinite(numbers)
        if not wrong.any():
            continue
        flat = int(np.argmax(wrong))
        index = [int(at) for at in np.unravel_index(flat, numbers.shape)]
        number = numbers.reshape(-1)[flat]
        found = float(number.real if numbers.dtype.kind == "c" else number)
        if numbers.dtype.kind == "c" and math.isfinite(found):
            found = float(number.imag)
        at = None if operands is None else [_operand(one, numbers.shape, flat) for one in operands]
        return {"output": place, "index": index, "value": found, "operands": at}
    return None


def _operand(numbers: Array, shape: tuple[int, ...], flat: int) -> float | None:
    try:
        number = np.broadcast_to(numbers, shape).flat[flat]
        return float(number.real)
    except (ValueError, TypeError):
        return None


def to_json(message: Any) -> str:
    """A JSON text in which the numbers that JSON lacks are the strings NaN, Infinity, -Infinity."""
    try:
        return json.dumps(message, allow_nan=False, separators=(",", ":"), ensure_ascii=False)
    except ValueError:
        return json.dumps(_spelled(message), allow_nan=False, separators=(",", ":"), ensure_ascii=False)


def _spelled(message: Any) -> Any:
    if isinstance(message, float) and not math.isfinite(message):
        return "NaN" if math.isnan(message) else "Infinity" if message > 0 else "-Infinity"
    if isinstance(message, dict):
        return {key: _spelled(part) for key, part in message.items()}
    return [_spelled(part) for part in message] if isinstance(message, list | tuple) else message


def place_here(depth: int = 1) -> Place:
    """The place of the code that runs, `depth` frames out."""
    return place_of(sys._getframe(depth + 1))


__all__ = [
    "NOWHERE",
    "Operation",
    "Place",
    "Recorder",
    "Traced",
    "Value",
    "first_bad",
    "place_here",
    "to_json",
    "value",
]
