"""Errors as a host tells them: with the person's own file and line."""

from __future__ import annotations

import traceback
from typing import Any

from ..errors import Kind, NanproofError
from ..frames import line_of_error


def host_error(error: BaseException, fallback: Kind) -> dict[str, Any]:
    """An error as the protocol has it. `fallback` is the kind of one that is none of nanproof's."""
    file, line = line_of_error(error)
    kind: Kind = fallback
    if isinstance(error, NanproofError):
        kind = error.kind
        file, line = error.file or file, error.line or line
    # What nanproof refuses without a line of the person's was raised by its own code, of which they need to see nothing.
    is_ours = isinstance(error, NanproofError) and file is None
    text = None if is_ours else "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return {"kind": kind, "message": message_of(error), "file": file, "line": line, "traceback": text}


def message_of(error: BaseException) -> str:
    """What an error says, with its type where that says more."""
    if isinstance(error, SystemExit):
        return f"the program called sys.exit({'' if error.code is None else repr(error.code)})"
    if isinstance(error, NanproofError):
        return str(error)
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
