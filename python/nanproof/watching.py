"""`watch`: wraps one training step that a person already has."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Literal

from .errors import NanproofError
from .invariants import Invariant, invariants_of
from .step_alarm import StepAlarm
from .training import Training


class Step:
    """A watched step. Calling it runs the person's step on a batch and gives what that gave."""

    def __init__(self, training: Training, invariants: list[Invariant], on_death: str, findings: str) -> None:
        self.training = training
        self.invariants = invariants
        self.on_death = on_death
        self.findings = findings
        self.count = 0
        self.alarm = StepAlarm()

    def __call__(self, *batch: Any) -> Any:
        case = _Current.case
        if case is not None:
            return case.step(self, batch)
        from .script import own_step

        return own_step(self, batch)

    @property
    def state(self) -> Any:
        """Of a JAX training: the newest state."""
        return getattr(self.training, "state", None)


class _Current:
    """The case that a host runs, if one does."""

    case: Any = None


def set_case(case: Any) -> None:
    """Gives the steps that are called from now on to a case of the host, or to nobody."""
    _Current.case = case


def watch(
    step: Any,
    *,
    on_death: Literal["raise", "continue"] = "raise",
    findings: str = "nanproof-findings",
    invariants: Sequence[Any] | None = None,
    **parts: Any,
) -> Step:
    """Wraps a training step.

    PyTorch: `watch(train_step, model=..., optimizer=...)`, with `scaler=` and any further object that has a `state_dict`.
    Keras: `watch(model)`, compiled. TensorFlow 2: `watch(train_step, variables=[...], optimizer=...)`. TensorFlow 1:
    `watch(session, train_op=..., loss=..., feeds=[...])`. JAX: `watch(train_step, state=pytree)`.

    Raises NanproofError when what is given is none of these.
    """
    if on_death not in ("raise", "continue"):
        raise NanproofError("load", f'on_death is {on_death!r}: write "raise" or "continue"')
    training = _training_of(step, parts)
    return Step(training, invariants_of(invariants), on_death, findings)


def _training_of(step: Any, parts: dict[str, Any]) -> Training:
    if _is_instance(step, "keras", "Model"):
        from .adapters.keras import KerasTraining

        return KerasTraining(step, **parts)
    if "train_op" in parts:
        from .adapters.tensorflow1 import SessionTraining

        return SessionTraining(step, **parts)
    if not callable(step):
        raise NanproofError("load", f"watch was given {step!r}, which is no step, no compiled keras.Model and no session")
    if "state" in parts and "jax" in sys.modules:
        from .adapters.jax import JaxTraining

        return JaxTraining(step, **parts)
    if "variables" in parts:
        from .adapters.tensorflow import TensorFlowTraining

        return TensorFlowTraining(step, **parts)
    if "torch" in sys.modules and parts:
        from .adapters.torch import TorchTraining

        return TorchTraining(step, **parts)
    raise NanproofError(
        "load",
        "watch cannot tell the framework. Write watch(train_step, model=..., optimizer=...) for PyTorch, watch(model) for "
        "Keras, watch(train_step, variables=..., optimizer=...) for TensorFlow, watch(train_step, state=...) for JAX",
    )


def _is_instance(value: Any, module: str, name: str) -> bool:
    loaded = sys.modules.get(module)
    kind = getattr(loaded, name, None)
    return isinstance(kind, type) and isinstance(value, kind)
