"""How a watched training ends, and what is wrong with a program."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "load",
    "knobs",
    "watch-never-called",
    "batch",
    "program",
    "unsupported",
    "restore",
    "fresh-process",
    "protocol",
    "swallowed",
]
Where = Literal["loss", "gradients", "weights", "slots"]


class NanproofError(Exception):
    """A mistake that nanproof finds in how it is used, with the kind that the host's protocol has for it."""

    def __init__(self, kind: Kind, message: str, file: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.file = file
        self.line = line


class CaseEnded(BaseException):
    """A case that nanproof runs is over. `step` raises it, and it is no `Exception`: let it through."""

    def __init__(self) -> None:
        super().__init__("nanproof ended this case: its steps are done, it died, or it was stopped. Let it through.")


class TrainingDied(Exception):
    """A training step died: a loss, a gradient, a weight or an optimizer's slot is not finite.

    Attributes: `step` counted from 1, `loss`, `where` (None where an invariant of the person's own was broken), `tensor`
    where it is one of several, and `fixture`, the file that the step was written to (None where it could not be).
    """

    def __init__(
        self, message: str, step: int, loss: float, where: Where | None, tensor: str | None, fixture: str | None
    ) -> None:
        super().__init__(message)
        self.step = step
        self.loss = loss
        self.where = where
        self.tensor = tensor
        self.fixture = fixture
