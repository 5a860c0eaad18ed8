"""The watch over the memory: a program that takes all there is costs its case, and not the machine."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

from ..errors import NanproofError
from ..frames import calling_line

GIB = 2**30
SECONDS = 0.05
# A process smaller than that is not what fills a machine.
SMALL = GIB
CGROUP = "/sys/fs/cgroup/memory."


def watch_memory(refuse: Callable[[NanproofError], None]) -> None:
    """Looks at the memory from a thread of its own until the process ends.

    Past the limit `refuse` is given the error, with the line that the program is at, and the process ends.
    The limit is NANPROOF_MEMORY, in GiB, or else what leaves the machine a twentieth of its memory.
    Where neither can be told (no /proc) nothing is watched.

    Raises NanproofError (load) when NANPROOF_MEMORY is no number over 0.
    """
    limit = _given_limit()
    if taken() is None:
        return
    program = threading.get_ident()
    threading.Thread(target=_watch, args=(refuse, program, limit), daemon=True).start()


def taken() -> int | None:
    """Bytes of memory that this process has; None where the system does not say."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None


def left() -> tuple[int, int] | None:
    """Bytes that can still be had, and of how many: of the machine's or of the container's, whichever has less."""
    found = [one for one in (_machine(), _container()) if one is not None]
    return min(found, default=None)


def _given_limit() -> float | None:
    given = os.environ.get("NANPROOF_MEMORY")
    if not given:
        return None
    try:
        gib = float(given)
    except ValueError:
        gib = 0.0
    if not 0 < gib < math.inf:
        raise NanproofError("load", f"NANPROOF_MEMORY is {given!r}: give the GiB that a program may take, as a number over 0")
    return gib * GIB


def _watch(refuse: Callable[[NanproofError], None], program: int, limit: float | None) -> NoReturn:
    while True:
        time.sleep(SECONDS)
        problem = _problem(limit)
        if problem is None:
            continue
        file, line = calling_line(sys._current_frames().get(program))
        refuse(NanproofError("program", problem, file, line))
        os._exit(1)


def _problem(limit: float | None) -> str | None:
    size = taken() or 0
    advice = (
        "make the model, the batch or the knobs' ranges smaller, or say with NANPROOF_MEMORY how many GiB a program may take"
    )
    if limit is not None:
        over = size > limit
        return f"the program takes {size / GIB:.1f} GiB of memory, and may take {limit / GIB:.1f}: {advice}" if over else None
    here = left()
    if here is None or size < SMALL or here[0] >= here[1] / 20:
        return None
    return f"the program takes {size / GIB:.1f} GiB of memory, and {here[0] / GIB:.1f} GiB are left: {advice}"


def _machine() -> tuple[int, int] | None:
    try:
        with open("/proc/meminfo") as file:
            lines = dict(line.split(":", 1) for line in file)
        return tuple(int(lines[name].split()[0]) * 1024 for name in ("MemAvailable", "MemTotal"))  # type: ignore[return-value]
    except (OSError, ValueError, KeyError):
        return None


def _container() -> tuple[int, int] | None:
    try:
        with open(f"{CGROUP}max") as most, open(f"{CGROUP}current") as now, open(f"{CGROUP}stat") as stat:
            total, used = int(most.read()), int(now.read())
            # What files hold is given back when it is asked for.
            files = next(int(line.split()[1]) for line in stat if line.startswith("inactive_file "))
        return total - used + files, total
    except (OSError, ValueError, StopIteration):
        return None
