"""The alarm of overflow in a person's own script."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from .training import Training
from .warning import OverflowAlarm, alarm_sentence

# Weights, and the outputs of a model's parts, are looked at once in so many steps.
CLOSELY_EVERY = 10
BLIND = (
    "nanproof: the early warning sees weights and gradients only; "
    'nanproof.gauge("cell", tensor) within the step shows it the recurrence'
)


class StepAlarm:
    """Looks at what `nanproof.gauge` reports, and at every tenth step at loss, weights, gradients and what modules put out."""

    def __init__(self) -> None:
        self._alarm = OverflowAlarm()
        self._sees = False

    def looking(self, training: Training, step: int) -> AbstractContextManager[dict[str, float]]:
        """What a step that runs within it shows of the outputs of a model's parts, read when it is over."""
        return training.outputs() if step % CLOSELY_EVERY == 0 else nullcontext({})

    def look(self, training: Training, step: int, gauges: dict[str, float], outputs: dict[str, float], result: Any) -> None:
        """Looks at a step that lives, and warns on stderr. `result` is what the step gave, with its loss."""
        self._sees = self._sees or bool(gauges) or bool(outputs)
        closely = step % CLOSELY_EVERY == 0
        if not closely and not gauges:
            return
        rest = {"the loss": training.loss(result), **training.magnitudes()} if closely else {}
        begins = self._alarm.look(step, {**gauges, **outputs, **rest})
        if step == CLOSELY_EVERY and not self._sees:
            _say(BLIND)
        if begins is not None:
            _say(f"nanproof: {alarm_sentence(begins)}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
