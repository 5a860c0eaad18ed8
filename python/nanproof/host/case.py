"""One case of a program: its calls of `step` stand still here and are served."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from ..batch import batch_tensors, held_batch, leaves_of, read_batch, write_batch
from ..errors import CaseEnded, NanproofError
from ..invariants import Invariant
from ..records import record_of
from ..safetensors import read, write
from ..training import Observed, State, Training, digest_of
from ..watching import Step
from .desk import Desk, Request
from .intervention import Intervention

# How often a program may catch the end of its case and go on.
SWALLOWED_LIMIT = 100


@dataclass
class Last:
    """The program's own last step: the state before it and its batch."""

    before: State
    batch: tuple[Any, ...]


class Case:
    """One case of a program."""

    def __init__(
        self,
        desk: Desk,
        steps: int,
        invariants: list[Invariant],
        generator: np.random.Generator | None,
        intervention: Intervention,
    ) -> None:
        self._desk = desk
        self._steps = steps
        self._invariants = invariants
        self._generator = generator
        self._intervention = intervention
        self._count = 0
        self._remaining = 0
        self._swallowed = 0
        self._over = False
        self._records: list[dict[str, Any]] = []
        self._batch: tuple[Any, ...] = ()
        self._last: Last | None = None
        self._step: Step | None = None

    @property
    def started(self) -> bool:
        """Whether the program has called `step`."""
        return self._step is not None

    def step(self, step: Step, batch: tuple[Any, ...]) -> Any:
        """Serves a call of `step`."""
        if self._over:
            self._end()
        training = self._attach(step)
        leaves_of(batch, training)
        training.prepare(batch)
        self._batch = batch
        if self._desk.asks("open"):
            self._desk.answer(**self._opened(training, batch))
        if self._remaining == 0:
            self.answer_advance(None)
        self._stand_still(training, None)
        return self._own_step(training, batch)

    def answer_advance(self, ended: str | None, **more: Any) -> None:
        """Ends the records that a request for steps gets."""
        if self._desk.asks("advance"):
            self._desk.answer(records=self._records, ended=ended, **more)
            self._records = []
            self._remaining = 0

    def serve_after(self) -> None:
        """Answers requests on what a training left that has returned, until the case is closed."""
        if self._step is not None:
            self._stand_still(self._step.training, "finished", returned=True)

    def _own_step(self, training: Training, batch: tuple[Any, ...]) -> Any:
        self._count += 1
        self._remaining -= 1
        before = training.take()
        self._last = Last(before, held_batch(batch, training))
        observed = self._intervention.after(training, before, batch, training.observe(batch))
        record = self._record(before, observed)
        self._records.append(record)
        over = record["dead"] is not None or bool(record.get("violated"))
        ended = "dead" if over else "finished" if self._count >= self._steps else None
        if ended is not None:
            self.answer_advance(ended)
            self._stand_still(training, ended)
        # The person may change the batch in place now.
        self._batch = self._last.batch
        return observed.result

    def _record(self, before: State, observed: Observed) -> dict[str, Any]:
        own = [] if self._step is None else self._step.invariants
        return record_of(before, observed, self._count, [*self._invariants, *own])

    def _stand_still(self, training: Training, ended: str | None, *, returned: bool = False) -> None:
        while self._remaining == 0:
            request = self._desk.next()
            kind = request["type"]
            if kind == "advance" and ended is None:
                self._remaining = request["steps"]
            elif kind == "advance":
                self.answer_advance(ended)
            elif kind == "close":
                self._over = True
                if returned:
                    return
                self._end()
            elif kind == "quit":
                self._desk.answer()
                os._exit(0)
            elif kind == "open":
                self._desk.refuse(NanproofError("protocol", "a case is open: close it first"), "protocol")
            else:
                self._serve(request, training)

    def _serve(self, request: Request, training: Training) -> None:
        try:
            self._desk.answer(**self._answer(request, training))
        except CaseEnded:
            raise
        except BaseException as error:
            self._desk.refuse(error, "program")

    def _answer(self, request: Request, training: Training) -> dict[str, Any]:
        kind = request["type"]
        if kind == "digest":
            return {"digest": digest_of(training.take())}
        if kind == "save":
            return self._save(request, training)
        if kind == "load":
            training.restore(read(request["state"])[0])
            return {}
        if kind == "run":
            return self._run(request, training)
        return self._trace(request, training)

    def _save(self, request: Request, training: Training) -> dict[str, Any]:
        if request["which"] == "before":
            if self._last is None:
                raise NanproofError("protocol", "no step has been run yet")
            state, batch = self._last.before, self._last.batch
        else:
            state, batch = training.take(), self._batch
        write(request["state"], state)
        if request.get("batch") is not None:
            write_batch(request["batch"], batch, training)
        return {}

    def _restored(self, request: Request, training: Training) -> tuple[State, tuple[Any, ...]]:
        state = read(request["state"])[0]
        batch = read_batch(request["batch"], self._batch, training)
        training.restore(state)
        return training.take(), batch

    def _run(self, request: Request, training: Training) -> dict[str, Any]:
        records, digests = [], []
        for _ in range(request["times"]):
            before, batch = self._restored(request, training)
            observed = self._intervention.after(training, before, batch, training.observe(batch))
            records.append(self._record(before, observed))
            digests.append(digest_of(observed.after))
        return {"records": records, "digests": digests}

    def _trace(self, request: Request, training: Training) -> dict[str, Any]:
        problem = training.probe()
        if problem is not None:
            raise NanproofError("unsupported", problem)
        before, batch = self._restored(request, training)
        observed, recorder = training.trace(batch)
        recorder.write(request["out"])
        return {
            "record": self._record(before, observed),
            "operations": len(recorder.traced),
            "notes": recorder.notes,
        }

    def _opened(self, training: Training, batch: tuple[Any, ...]) -> dict[str, Any]:
        state = [
            {"name": name, "dtype": one.dtype, "shape": list(one.array.shape), "role": name.partition("/")[0]}
            for name, one in training.take().items()
        ]
        tensors = [
            {"name": leaf.path, "dtype": one.dtype, "shape": list(one.array.shape)}
            for leaf, one in batch_tensors(batch, training)
        ]
        return {"state": state, "batch": tensors, "framework": training.framework}

    def _attach(self, step: Step) -> Training:
        if self._step is None:
            self._step = step
            step.training.generator = self._generator
            self._intervention.begin(step.training)
        elif self._step.training is not step.training:
            raise NanproofError("unsupported", "the program watches two trainings: watch one, as one step")
        return step.training

    def _end(self) -> NoReturn:
        self._swallowed += 1
        if self._swallowed > SWALLOWED_LIMIT:
            swallowed = "the program caught CaseEnded a hundred times and went on. Let it through: it is no Exception"
            self._desk.refuse(NanproofError("swallowed", swallowed), "swallowed")
            os._exit(1)
        raise CaseEnded
