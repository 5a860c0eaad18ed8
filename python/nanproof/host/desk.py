"""The desk: takes requests and answers them, one at a time."""

from __future__ import annotations

from typing import Any

from ..errors import Kind, NanproofError
from .channel import Channel
from .failures import host_error

Request = dict[str, Any]

_whole = int
FIELDS: dict[str, dict[str, tuple[type, ...]]] = {
    "open": {"knobs": (dict,), "seed": (_whole,), "steps": (_whole,)},
    "advance": {"steps": (_whole,)},
    "digest": {},
    "save": {"which": (str,), "state": (str,)},
    "run": {"state": (str,), "batch": (str,), "times": (_whole,)},
    "load": {"state": (str,)},
    "trace": {"state": (str,), "batch": (str,), "out": (str,)},
    "close": {},
    "quit": {},
}


class Desk:
    """Takes requests and answers them. `open` is the request that waits for its answer."""

    greeted = False

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.open: Request | None = None

    def next(self) -> Request:
        """Waits for the next request. One that is none is answered at once."""
        while True:
            message = self._channel.receive()
            problem = _problem(message)
            if problem is None:
                self.open = message
                return message  # type: ignore[no-any-return]
            identity = message.get("id") if isinstance(message, dict) else None
            self.open = {"id": identity if type(identity) is int else -1}
            self.refuse(NanproofError("protocol", f"no request: {problem}"), "protocol")

    def answer(self, **answer: Any) -> None:
        """Answers the request that waits."""
        if self.open is not None:
            self._channel.send({"id": self.open["id"], "ok": True, **answer})
            self.open = None

    def refuse(self, error: BaseException, fallback: Kind) -> None:
        """Answers the request that waits with an error."""
        if self.open is not None:
            self._channel.send({"id": self.open["id"], "ok": False, "error": host_error(error, fallback)})
            self.open = None

    def last_words(self, error: NanproofError) -> None:
        """Says why the process is about to end: to the request that waits, or, while the file loads, as its greeting."""
        if not self.greeted:
            self._channel.send({"type": "failed", "error": host_error(error, "load")})
        self.refuse(error, "program")

    def asks(self, kind: str) -> bool:
        """Whether the request that waits is of a type."""
        return self.open is not None and self.open.get("type") == kind


def _problem(message: Any) -> str | None:
    if not isinstance(message, dict):
        return "a line that is no JSON object"
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in FIELDS:
        return f"type {kind!r} is unknown"
    if type(message.get("id")) is not int:
        return "id is no whole number"
    for name, types in FIELDS[kind].items():
        value = message.get(name)
        if not isinstance(value, types) or isinstance(value, bool):
            return f"{name} of {kind} is {value!r}"
        if isinstance(value, int) and value < 1:
            return f"{name} of {kind} is {value}, and it is at least 1"
    if kind == "save" and message["which"] not in ("now", "before"):
        return f"which is {message['which']!r}"
    return None
