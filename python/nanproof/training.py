"""What every adapter is to the host and to a person's script: a training whose step can be watched, restored and traced."""

from __future__ import annotations

import hashlib
import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from .batch import leaves_of
from .errors import NanproofError, Where
from .frames import nanproof_step
from .gauges import Gauges
from .loss import loss_of
from .randoms import restore_randoms, take_randoms
from .safetensors import Array, Tensor
from .trace import Recorder

State = dict[str, Tensor]
Framework = Literal["torch", "keras", "tensorflow", "tensorflow1", "jax"]
ROLES = ("weight", "slot", "counter", "buffer", "random")


@dataclass
class Seen:
    """What a step showed of itself while it ran.

    `gradients`: the numbers of the gradients that the optimizer was given, by `weight/NAME`; None where they cannot be seen.
    """

    gradients: dict[str, Array] | None = None
    raw_gradient: float | None = None
    skipped: bool = False


@dataclass
class Dead:
    """Where a step has a number that is not finite."""

    where: Where
    tensor: str | None

    def json(self) -> dict[str, Any]:
        """As the protocol has it."""
        return {"where": self.where, "tensor": self.tensor}


@dataclass
class Observed:
    """What a look at one step found. `after` is the state that it left."""

    result: Any
    loss: float
    dead: Dead | None
    seen: Seen
    after: State
    gauges: dict[str, float] = field(default_factory=dict)


class Training(ABC):
    """A watched training. Adapters know their framework; all judging is elsewhere."""

    framework: Framework
    generator: np.random.Generator | None = None

    @abstractmethod
    def run(self, batch: tuple[Any, ...], seen: Seen) -> Any:
        """Runs the person's step, notes what it shows, and gives what it gave."""

    @abstractmethod
    def take_parts(self) -> State:
        """Copies of all tensors and counters of the state but Python's and numpy's random states."""

    @abstractmethod
    def restore_parts(self, state: State) -> None:
        """Puts tensors and counters back. Raises NanproofError (restore) when names or shapes do not fit."""

    @abstractmethod
    def run_traced(self, batch: tuple[Any, ...], seen: Seen, recorder: Recorder) -> Any:
        """As `run`, op by op."""

    @abstractmethod
    def is_tensor(self, value: Any) -> bool:
        """Whether a value is a tensor of this framework that a file can hold."""

    @abstractmethod
    def stored(self, value: Any) -> Tensor:
        """A tensor's numbers, copied."""

    @abstractmethod
    def made(self, tensor: Tensor, like: Any) -> Any:
        """A tensor with these numbers, where another lies."""

    @abstractmethod
    def held(self, value: Any) -> Any:
        """A tensor that stays what it is, whatever becomes of the person's."""

    def prepare(self, batch: tuple[Any, ...]) -> None:
        """Makes what a framework makes only in its first step, so that there is a state before it."""
        return

    def clip(self, norm: float) -> None:
        """Has gradients scaled down to a global norm before the optimizer gets them, from now on.

        Raises NanproofError (unsupported) where this adapter cannot reach them.
        """
        raise NanproofError("unsupported", f"gradients cannot be clipped from outside of this {self.framework} program")

    def trained(self, batch: tuple[Any, ...]) -> Callable[[str], bool]:
        """Which names of a state are of weights that the learning rate changes. `batch` is one that a step has been run on.

        Raises NanproofError (unsupported) where this adapter cannot tell.
        """
        return lambda name: name.startswith("weight/")

    def adjust(self, state: State) -> None:
        """Changes the state in the midst of a training. What is no state stays as it is."""
        self.restore(state)

    def keep(self) -> None:
        """Keeps the state before a step, as cheaply as the framework can. `kept` gives it back."""
        self._kept = self.take()

    def kept(self) -> State:
        """The state that was kept last."""
        return self._kept

    def run_watched(self, batch: tuple[Any, ...]) -> tuple[Any, bool]:
        """Runs the person's step in their own script, and says whether all of it is finite, as cheaply as can be."""
        observed = self.observe(batch)
        return observed.result, observed.dead is None

    def outputs(self) -> AbstractContextManager[dict[str, float]]:
        """What a step that runs within it shows of the largest outputs of its parts, where the framework can."""
        return nullcontext({})

    def magnitudes(self) -> dict[str, float]:
        """The largest weight, and the largest number of the optimizer's slots, in which gradients show."""
        state = self.take_parts()
        looked = [("weight/", "max |weight|"), ("slot/", "the optimizer's largest number")]
        return {
            label: max((_magnitude(one) for name, one in state.items() if name.startswith(prefix)), default=0.0)
            for prefix, label in looked
        }

    def loss(self, result: Any) -> float:
        """The loss in what a step gave. Raises NanproofError (program) when there is none."""
        return loss_of(result)

    def probe(self) -> str | None:
        """Why steps cannot be traced, or None where they can."""
        return None

    def take(self) -> State:
        """The whole state, copied."""
        return {**self.take_parts(), **take_randoms(self.generator)}

    def restore(self, state: State) -> None:
        """Puts a whole state back. Raises NanproofError (restore) when it does not fit."""
        for name in state:
            role, _, rest = name.partition("/")
            if role not in ROLES or not rest:
                raise NanproofError("restore", f"the state has {name}, which is no part of a training")
        self.restore_parts(state)
        restore_randoms(state, self.generator)

    def observe(self, batch: tuple[Any, ...]) -> Observed:
        """Runs one step and looks at all of it."""
        seen = Seen()
        with Gauges() as gauges:
            result = nanproof_step(self.run, batch, seen)
        return self._looked(result, seen, gauges)

    def trace(self, batch: tuple[Any, ...]) -> tuple[Observed, Recorder]:
        """Runs one step op by op and looks at all of it."""
        seen = Seen()
        recorder = Recorder(axes_of(batch, self))
        with Gauges() as gauges:
            result = nanproof_step(self.run_traced, batch, seen, recorder)
        return self._looked(result, seen, gauges), recorder

    def _looked(self, result: Any, seen: Seen, gauges: dict[str, float]) -> Observed:
        loss = self.loss(result)
        after = self.take()
        return Observed(result, loss, dead_at(loss, seen, after), seen, after, gauges)


def _magnitude(tensor: Tensor) -> float:
    numbers = tensor.numbers()
    return float(np.abs(numbers).max()) if numbers.size and numbers.dtype.kind == "f" else 0.0


def dead_at(loss: float, seen: Seen, after: State) -> Dead | None:
    """Where a step has a number that is not finite: in the loss, the gradients, the weights or the slots."""
    if not math.isfinite(loss):
        return Dead("loss", None)
    if seen.gradients is not None and not seen.skipped:
        for name, numbers in seen.gradients.items():
            if not all_finite(numbers):
                return Dead("gradients", name)
    looks: list[tuple[str, Where]] = [("weight/", "weights"), ("slot/", "slots")]
    for prefix, where in looks:
        for name, tensor in after.items():
            if name.startswith(prefix) and tensor.is_float and not all_finite(tensor.numbers()):
                return Dead(where, name)
    return None


def all_finite(numbers: Array) -> bool:
    """Whether an array holds finite numbers only."""
    return bool(np.isfinite(numbers).all()) if numbers.dtype.kind in "fc" else True


def axes_of(batch: tuple[Any, ...], training: Training) -> frozenset[int]:
    """The lengths of the axes of a batch."""
    leaves, _ = leaves_of(batch, training)
    shapes = [tuple(leaf.value.shape) for leaf in leaves if leaf.kind != "number"]
    return frozenset(int(length) for shape in shapes for length in shape)


def digest_of(state: State) -> str:
    """SHA-256 over the bits of a state, names sorted, every NaN counted as the same."""
    found = hashlib.sha256()
    for name in sorted(state):
        tensor = state[name]
        numbers = tensor.numbers()
        found.update(f"{name}\0{tensor.dtype}\0{list(numbers.shape)}\0".encode())
        if numbers.dtype.kind == "f":
            numbers = np.where(np.isnan(numbers), np.array(np.nan, numbers.dtype), numbers)
        found.update(np.ascontiguousarray(numbers).tobytes())
    return found.hexdigest()


def misfit(state: State, own: State, optional: tuple[str, ...] = ()) -> None:
    """Checks that a state has the names and shapes of one's own.

    Raises NanproofError (restore) where it has not. Names that begin with one of `optional` may be missing on either side.
    """
    for name in [*own, *(one for one in state if one not in own)]:
        if name.startswith(("random/", *optional)) and (name not in own or name not in state):
            continue
        if name not in own:
            raise NanproofError("restore", f"the state has {name}, and this program has not")
        if name not in state:
            raise NanproofError("restore", f"this program has {name}, and the state has not")
        ours, theirs = own[name], state[name]
        # A Python number may have become an array's.
        same = ours.dtype == theirs.dtype or ours.array.ndim == 0
        if ours.array.shape != theirs.array.shape or not same:
            raise NanproofError(
                "restore",
                f"{name} is {ours.dtype} {list(ours.array.shape)} in this program and "
                f"{theirs.dtype} {list(theirs.array.shape)} in the state",
            )
