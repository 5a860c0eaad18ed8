"""`Watch`: the callback that watches a model inside `fit`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import keras

from .adapters.keras import FitTraining
from .errors import NanproofError
from .invariants import invariants_of
from .watching import Step


class Watch(keras.callbacks.Callback):  # type: ignore[misc]
    """Watches every step of `fit`: `model.fit(..., callbacks=[nanproof.keras.Watch()])`.

    It wraps the model's train function, since callbacks see no batch. On JAX, whose train function keeps the state to itself,
    and with `steps_per_execution` above 1 it raises NanproofError (unsupported): use `watch(model)` there.
    """

    def __init__(
        self,
        on_death: Literal["raise", "continue"] = "raise",
        findings: str = "nanproof-findings",
        invariants: Sequence[Any] | None = None,
    ) -> None:
        super().__init__()
        self._options = (invariants_of(invariants), on_death, findings)
        self._function: Any = None
        self._wrapped: Any = None

    def on_train_begin(self, logs: Any = None) -> None:
        """Wraps the model's train function."""
        model, backend = self.model, keras.backend.backend()
        if backend == "jax":
            raise NanproofError("unsupported", "nanproof.keras.Watch works on TensorFlow and PyTorch: on JAX use watch(model)")
        if getattr(model, "steps_per_execution", 1) != 1:
            raise NanproofError("unsupported", "nanproof.keras.Watch sees no single step: leave steps_per_execution at 1")
        model.make_train_function()
        function = self._function = model.train_function
        step = Step(FitTraining(model, function), *self._options)

        def watched(data: Any) -> Any:
            batch = data[0] if isinstance(data, list | tuple) else next(data)
            return step(*(batch if isinstance(batch, tuple | list) else (batch,)))

        self._wrapped = model.train_function = watched

    def on_train_end(self, logs: Any = None) -> None:
        """Gives the model its own train function back."""
        if self.model.train_function is self._wrapped:
            self.model.train_function = self._function
