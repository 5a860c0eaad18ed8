"""Frames of the person's own: which files are theirs, and which line is the innermost."""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
import traceback
from types import FrameType
from typing import Any, NamedTuple

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_LIBRARIES = tuple(
    os.path.abspath(path) + os.sep
    for name, path in sysconfig.get_paths().items()
    if name in ("stdlib", "platstdlib", "purelib", "platlib")
)


class Place(NamedTuple):
    """Where in the code something is computed.

    `key` stands for the functions from the operation out to the person's line, `path` for those out to the step.
    """

    file: str | None
    line: int | None
    function: str | None
    line_of: str
    key: Any
    path: Any


NOWHERE = Place(None, None, None, "call", None, None)


@functools.lru_cache(maxsize=4096)
def is_personal(file: str) -> bool:
    """Whether a file is one of the person's own: no package, nothing of Python, nothing of nanproof."""
    if not os.path.isabs(file):
        return not file.startswith("<") and os.path.exists(file)
    parts = file.replace("\\", "/").split("/")
    if "site-packages" in parts or "dist-packages" in parts:
        return False
    return not file.startswith((_HERE, *_LIBRARIES))


def nanproof_step(run: Any, *arguments: Any) -> Any:
    """Calls the person's step: its frame is where a step begins."""
    return run(*arguments)


_BOUNDARY = nanproof_step.__code__


def place_of(frame: FrameType | None) -> Place:
    """The place of the code that runs in a frame, from there out to the call of the step."""
    key: list[Any] = []
    path: list[Any] = []
    own: tuple[str, int | None, str] | None = None
    while frame is not None:
        code = frame.f_code
        if code is _BOUNDARY:
            if own is None:
                file, line = calling_line(frame)
                return Place(file, line, None, "call", tuple(key), tuple(path))
            break
        if not code.co_filename.startswith(_HERE):
            at = (code, frame.f_lasti)
            path.append(at)
            if own is None:
                key.append(at)
                if is_personal(code.co_filename):
                    own = (os.path.abspath(code.co_filename), frame.f_lineno, code.co_name)
        frame = frame.f_back
    if own is None:
        return NOWHERE
    return Place(*own, "operation", tuple(key), tuple(path))


def calling_line(frame: FrameType | None = None) -> tuple[str | None, int | None]:
    """The innermost line of the person's own from a frame, or from here, outward."""
    own = own_frame(frame or sys._getframe(1))
    return (None, None) if own is None else (os.path.abspath(own.f_code.co_filename), own.f_lineno)


def own_frame(frame: FrameType | None) -> FrameType | None:
    """The innermost frame of the person's own from a frame outward; None where there is none."""
    while frame is not None and not is_personal(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def line_of_error(error: BaseException) -> tuple[str | None, int | None]:
    """The person's own line that an error comes from: the innermost in its traceback, or where its text is wrong."""
    if isinstance(error, SyntaxError) and error.filename is not None and is_personal(error.filename):
        return os.path.abspath(error.filename), error.lineno
    own = [one for one in traceback.extract_tb(error.__traceback__) if is_personal(one.filename)]
    return (os.path.abspath(own[-1].filename), own[-1].lineno) if own else (None, None)


def is_nanproof(file: str) -> bool:
    """Whether a file is one of nanproof's."""
    return file.startswith(_HERE)
