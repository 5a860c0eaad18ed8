"""An alarm that says while a run trains that float32 will overflow, and about when."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

# log10 of the largest float32.
OVERFLOW = 38.53
# An alarm begins here whatever the trend: of what lives, little gets so far.
HIGH = 24.0
# From here on the trend decides.
LOW = 15.0
# A trend that gets there before the run is so many times as long begins an alarm.
SOON = 3.0
# An alarm ends below this.
QUIET = 10.0
# Decades that a level loses a step: batches differ, and a short one between two long ones says nothing.
DECAY = 0.25
# Between two points that are kept the run grows by this part, so that few are.
SPACING = 1 / 16


@dataclass(frozen=True)
class Alarmed:
    """What an alarm says while it rings.

    `level`: log10 of the largest values of `gauge`, those of the steps just before included. `predicted`: the step at which
    it passes float32 if it goes on so; None where it does not grow.
    """

    step: int
    gauge: str
    level: float
    predicted: int | None


class OverflowAlarm:
    """Looks at the largest magnitudes of each step, by name, and extrapolates them.

    The largest values rise fast at first and ever slower later, about as the logarithm of the step does; that is what is
    extrapolated. The same class stands in src/warning/alarm.ts, and both are tested on src/warning/vectors.json.
    """

    def __init__(self) -> None:
        self._trends: dict[str, _Trend] = {}
        self.ringing: Alarmed | None = None

    def look(self, step: int, magnitudes: Mapping[str, float]) -> Alarmed | None:
        """Looks at a step, and gives what it says at the step at which it begins to ring alone.

        Steps may be left out, but come in their order, from 1 on. A magnitude that is not a number is left out.
        """
        for gauge, magnitude in magnitudes.items():
            if not math.isnan(magnitude):
                self._trends.setdefault(gauge, _Trend()).add(step, _log10(abs(magnitude)))
        was = self.ringing
        self.ringing = self._hottest(step, _begins if was is None else _goes_on)
        return self.ringing if was is None else None

    def _hottest(self, step: int, rings: Callable[[_Trend], bool]) -> Alarmed | None:
        hottest: Alarmed | None = None
        for gauge, trend in self._trends.items():
            if rings(trend) and (hottest is None or trend.level > hottest.level):
                hottest = Alarmed(step, gauge, trend.level, trend.step_at(OVERFLOW))
        return hottest


def alarm_sentence(alarmed: Alarmed) -> str:
    """The alarm in one line, for a person."""
    when = "it does not grow now"
    if alarmed.predicted is not None:
        when = f"about step {alarmed.predicted} if it grows on like this"
    level = math.floor(alarmed.level)
    return f"warning: float32 may overflow: {alarmed.gauge} is past 1e{level} at step {alarmed.step}; {when}"


class _Trend:
    """How a level came where it is: its height now, and its slope over the newer half of the run."""

    def __init__(self) -> None:
        self.level = -math.inf
        self._step = 0
        self._points: list[tuple[int, float]] = []
        self._slope = 0.0

    def add(self, step: int, value: float) -> None:
        """Takes in the value of a step; one that is not later than the last says nothing new."""
        if step <= self._step:
            return
        self.level = max(value, self.level - DECAY * (step - self._step))
        self._step = step
        points = self._points
        while len(points) > 1 and points[1][0] <= step / 2:
            points.pop(0)
        gained = self.level - points[0][1] if points else 0.0
        self._slope = gained / math.log(step / points[0][0]) if gained > 0 else 0.0
        if not points or step >= points[-1][0] * (1 + SPACING):
            points.append((step, self.level))

    def gets(self, level: float, times: float) -> bool:
        """Whether it gets to a level before the run is so many times as long."""
        return self._slope > 0 and level - self.level <= self._slope * math.log(times)

    def step_at(self, level: float) -> int | None:
        """The step at which it gets there; None where it does not grow, or not within ten million steps."""
        if self._slope == 0:
            return None
        times = max(0.0, level - self.level) / self._slope
        step = math.inf if times > 50 else self._step * math.exp(times)
        return None if step > 1e7 else math.ceil(step)


def _begins(trend: _Trend) -> bool:
    return trend.level >= HIGH or (trend.level >= LOW and trend.gets(OVERFLOW, SOON))


def _goes_on(trend: _Trend) -> bool:
    return trend.level >= QUIET


def _log10(magnitude: float) -> float:
    """In [-40, 40], so that 0 and Infinity have one."""
    if magnitude < 1e-40:
        return -40.0
    return 40.0 if magnitude > 1e40 else math.log10(magnitude)
