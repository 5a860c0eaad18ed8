"""Bad programs: each with a clear error and the person's own line."""

from __future__ import annotations

import json
import os
import re
import sys

import pytest
from hosts import Host, marked, planted

pytest.importorskip("torch")
BAD = planted("bad.py")


@pytest.mark.parametrize(
    ("name", "kind", "message", "has_line"),
    [
        ("bad_syntax.py", "load", "SyntaxError", True),
        ("bad_import.py", "load", "No module named 'no_such_package'", True),
        ("bad_no_program.py", "load", "exports no program and calls no watch", False),
        ("bad_knobs.py", "knobs", "knob units is [1, 8], which is no knob", True),
        ("bad_range.py", "knobs", "integer from 8 to 1 is no range", True),
        ("bad_brackets.py", "load", "with its brackets", True),
        ("bad_parameter.py", "load", "train takes model", True),
        ("no_such_file.py", "load", "cannot be read", False),
    ],
)
def test_a_file_that_does_not_load_says_why(name, kind, message, has_line):
    host = Host(planted(name))
    error = host.greeting["error"]
    assert (host.greeting["type"], error["kind"]) == ("failed", kind)
    assert message in error["message"]
    if has_line:
        assert error["file"] == planted(name)
        # Python 3.10 has the call of a decorator in the line of the function.
        below = (0, 1) if sys.version_info < (3, 11) else (0,)
        assert error["line"] - marked(planted(name), "wrong here") in below
    assert host.process.wait() == 1
    host.end()


@pytest.fixture(scope="module")
def host():
    with Host(BAD) as started:
        yield started


def run(host, way):
    opened = host.ask("open", knobs={"way": way}, seed=1, steps=3)
    return opened if not opened["ok"] else host.ask("advance", steps=3)


@pytest.mark.parametrize(
    ("way", "kind", "message"),
    [
        ("never-watched", "watch-never-called", "before any step"),
        ("batch", "batch", "step was called with 'a', None: no tensor"),
        ("exit", "program", "sys.exit(3)"),
        ("throws", "program", "KeyError: 'an index'"),
        ("thrower-in-step", "program", "ValueError: a shape does not fit"),
        ("two-watches", "unsupported", "watches two trainings"),
        ("loss", "program", "the step gave 'no loss', which is no loss"),
    ],
)
def test_a_lost_case_says_why_and_leaves_the_process_to_the_next(host, way, kind, message):
    reply = run(host, way)
    error = reply["error"]
    assert error["kind"] == kind and message in error["message"]
    if way not in ("never-watched", "loss"):
        assert (error["file"], error["line"]) == (BAD, marked(BAD, way))
    if reply["ok"]:
        assert reply["ended"] == "error"
        assert len(reply["records"]) == (0 if way in ("batch", "loss") else 1)
    host.must("close")
    assert run(host, "none")["ended"] == "finished"
    host.must("close")


def test_knobs_are_checked(host):
    assert "it is none of" in host.ask("open", knobs={"way": "x"}, seed=1, steps=1)["error"]["message"]
    assert host.ask("open", knobs={"other": 1}, seed=1, steps=1)["error"]["kind"] == "knobs"


def test_seeds_repeat_to_the_bit_and_own_gauges_and_invariants_are_told(host):
    found = [run(host, "none")["records"] for _ in range(2) if host.must("close") is not None]
    host.must("close")
    assert found[0] == found[1]
    assert found[0][0]["gauges"]["own"] > 0
    assert host.greeting["invariants"] == [{"name": "small"}]
    assert not any("violated" in one for one in found[0])


def test_a_case_ends_where_an_invariant_of_its_own_is_broken(host):
    reply = run(host, "large")
    host.must("close")
    assert reply["ended"] == "dead" and len(reply["records"]) == 2
    first, second = reply["records"]
    assert "violated" not in first and second["dead"] is None
    assert second["violated"] == [{"name": "small", "message": f"{second['loss']} at 2"}] and second["loss"] > 3


def test_what_is_printed_goes_to_stderr():
    host = Host(BAD)
    assert run(host, "prints")["ended"] == "finished"
    host.end()
    assert "to nobody's stdout" in host.stderr and "nor here" in host.stderr


def test_an_end_that_is_swallowed_some_times_is_an_end(host):
    for way in ("swallows-some", "returns-early"):
        assert run(host, way)["ended"] == "finished"
        host.must("close")


def test_an_end_that_is_swallowed_a_hundred_times_costs_the_process():
    with Host(BAD) as own:
        assert run(own, "swallows")["ended"] == "finished"
        assert own.ask("close")["error"]["kind"] == "swallowed"
        assert own.process.wait() == 1


def test_a_hard_exit_ends_the_process():
    host = Host(BAD)
    with pytest.raises(EOFError):
        run(host, "hard-exit")
    assert host.process.wait() == 7


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="the system does not say what a process takes")
def test_memory_past_the_limit_costs_the_case_and_the_process():
    host = Host(BAD, NANPROOF_MEMORY="1.5")
    reply = run(host, "memory")
    error = reply["error"]
    assert not reply["ok"] and error["kind"] == "program"
    assert re.search(r"takes 1\.[56] GiB of memory, and may take 1\.5", error["message"])
    # The line that makes the tensors, or the one that waits between them.
    assert error["file"] == BAD and error["line"] - marked(BAD, "memory") in (0, 1)
    assert host.process.wait() == 1


@pytest.mark.parametrize("given", ["abc", "0", "-1", "nan", "inf"])
def test_a_limit_of_memory_that_is_none_is_refused(given):
    host = Host(BAD, NANPROOF_MEMORY=given)
    assert host.greeting["type"] == "failed"
    assert host.greeting["error"]["message"].startswith(f"NANPROOF_MEMORY is '{given}': give the GiB")
    assert host.greeting["error"]["traceback"] is None
    assert host.process.wait() == 1
    host.end()


def test_the_process_does_not_outlive_its_descriptors():
    host = Host(BAD)
    host.must("open", knobs={"way": "endless"}, seed=1, steps=3)
    host.send(json.dumps({"id": 9, "type": "advance", "steps": 3}))
    assert host.end() == -9


def test_threads_of_the_program_do_not_hold_the_process():
    with Host(BAD) as own:
        run(own, "threads")
        own.must("close")
        own.must("quit")
        assert own.process.wait() == 0


def test_requests_that_are_none(host):
    for line in (
        "nonsense",
        '{"id":1}',
        '{"id":1,"type":"dance"}',
        '{"id":1,"type":"open","knobs":{},"seed":0,"steps":1}',
    ):
        host.send(line)
        assert host.receive()["error"]["kind"] == "protocol"
    assert host.ask("digest")["error"]["kind"] == "protocol"
