"""The channel: requests come in on descriptor 3 and replies go out on 4, one line of JSON each."""

from __future__ import annotations

import ctypes
import json
import os
import queue
import signal
import sys
import threading
from typing import Any

from ..trace import to_json

REQUESTS = 3
REPLIES = 4
PR_SET_PDEATHSIG = 1


class Channel:
    """Reads requests on a thread of its own, since this one may be inside a program that computes for ever.

    When the other side closes, the process ends at once.
    """

    def __init__(self) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        _die_with_parent()
        # The program's own children must not hold the descriptors.
        os.set_inheritable(REQUESTS, False)
        os.set_inheritable(REPLIES, False)
        threading.Thread(target=self._read, daemon=True).start()

    def receive(self) -> Any:
        """Waits for the next request; None where a line is no JSON."""
        line = self._lines.get()
        try:
            return json.loads(line)
        except ValueError:
            return None

    def send(self, message: dict[str, Any]) -> None:
        """Sends a message."""
        data = (to_json(message) + "\n").encode("utf-8", "backslashreplace")
        while data:
            data = data[os.write(REPLIES, data) :]

    def _read(self) -> None:
        try:
            with open(REQUESTS, encoding="utf-8", errors="replace", closefd=False) as file:
                for line in file:
                    self._lines.put(line)
        finally:
            os.kill(os.getpid(), signal.SIGKILL)


def take_descriptors() -> None:
    """Gives the program no stdin, and sends what it prints to stderr."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    sys.stdout.flush()
    os.dup2(2, 1)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        try:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        except (OSError, AttributeError):
            return
