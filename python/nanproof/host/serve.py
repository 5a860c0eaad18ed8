"""Runs a host: loads the person's file, and runs cases of it until it is told to quit."""

from __future__ import annotations

import runpy
import sys
from typing import Any

import numpy as np

from ..errors import CaseEnded, NanproofError
from ..knobs import show
from ..programs import Program, arguments_of
from ..randoms import seed_everything
from ..watching import set_case, watch
from .case import Case
from .channel import Channel, take_descriptors
from .desk import Desk, Request
from .failures import host_error
from .intervention import intervention_of
from .load import Loaded, load
from .memory import watch_memory


def run_host(file: str) -> int:
    """Runs a host to its end, and gives its exit status."""
    take_descriptors()
    channel = Channel()
    desk = Desk(channel)
    try:
        watch_memory(desk.last_words)
        loaded = load(file)
    except BaseException as error:
        channel.send({"type": "failed", "error": host_error(error, "load")})
        return 1
    channel.send(loaded.greeting)
    desk.greeted = True
    fresh = True
    while True:
        request = desk.next()
        if request["type"] == "quit":
            desk.answer()
            return 0
        if request["type"] == "close":
            desk.answer()
        elif request["type"] != "open":
            desk.refuse(NanproofError("protocol", "no case is open"), "protocol")
        elif loaded.program is None and not fresh:
            desk.refuse(NanproofError("fresh-process", "a script runs once a process: start another host"), "protocol")
        else:
            fresh = False
            run_case(loaded, desk, request)


def run_case(loaded: Loaded, desk: Desk, request: Request) -> None:
    """Runs a case from its `open` to its `close`."""
    generator = np.random.Generator(np.random.PCG64(request["seed"]))
    try:
        intervention = intervention_of(request.get("intervention"))
    except NanproofError as error:
        desk.refuse(error, "protocol")
        return
    own = generator if loaded.program is not None else None
    case = Case(desk, request["steps"], loaded.invariants, own, intervention)
    set_case(case)
    try:
        start = _starter(loaded, request, generator)
        _fresh_names()
        seed_everything(request["seed"])
        start()
    except CaseEnded:
        desk.answer()
    except BaseException as error:
        _tell(error, case, desk)
    else:
        if desk.asks("open"):
            never = "the training ended before any step: call the step that watch gives, with a batch"
            desk.refuse(NanproofError("watch-never-called", never, loaded.file), "program")
        case.answer_advance("finished")
        # A close that was swallowed once and then obeyed by returning.
        if desk.asks("close"):
            desk.answer()
        elif case.started:
            case.serve_after()
            desk.answer()
    finally:
        set_case(None)


def _tell(error: BaseException, case: Case, desk: Desk) -> None:
    if desk.asks("advance"):
        case.answer_advance("error", error=host_error(error, "program"))
    elif desk.asks("close"):
        # The case is over whatever the program makes of its end.
        desk.answer()
    else:
        desk.refuse(error, "program")


def _starter(loaded: Loaded, request: Request, generator: np.random.Generator) -> Any:
    if loaded.program is None:
        return lambda: _run_script(loaded.file)
    values = knob_values(loaded.program, request["knobs"])
    given = {"knobs": values, "seed": request["seed"], "watch": watch, "steps": request["steps"], "random": generator}
    train = loaded.program.train
    return lambda: train(**arguments_of(train, given))


def knob_values(program: Program, given: dict[str, Any]) -> dict[str, Any]:
    """The values of all knobs, each of the kind that the knob is.

    Raises NanproofError (knobs) when a value is none that the knob can have, or a knob is not there.
    """
    values = {}
    for name, knob in program.knobs.items():
        value = given.get(name, knob.default)
        problem = knob.misfit(value)
        if problem is not None:
            raise NanproofError("knobs", f"knob {name} is {show(value)}: {problem}")
        values[name] = knob.value(value)
    unknown = next((name for name in given if name not in program.knobs), None)
    if unknown is not None:
        there = ", ".join(program.knobs) or "none"
        raise NanproofError("knobs", f"the program has no knob {unknown}: it has {there}")
    return values


def _run_script(file: str) -> None:
    sys.argv = [file]
    runpy.run_path(file, run_name="__main__")


def _fresh_names() -> None:
    """Lets names of layers and graphs start anew."""
    keras: Any = sys.modules.get("keras")
    if keras is not None:
        keras.utils.clear_session()
    tensorflow: Any = sys.modules.get("tensorflow")
    if tensorflow is not None:
        tensorflow.compat.v1.reset_default_graph()
