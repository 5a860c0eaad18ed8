"""TensorFlow 1 sessions: deaths inside dynamic_rnn, exact restores."""

from __future__ import annotations

import math

import pytest
from hosts import Host, die, is_bad, marked, planted

pytest.importorskip("tensorflow")
FILE = planted("tensorflow1_planted.py")


@pytest.fixture(scope="module")
def host():
    with Host(FILE) as started:
        yield started


@pytest.mark.parametrize(
    ("way", "phase", "operation", "where", "line_of", "value"),
    [
        ("log-of-zero", "forward", "Log", "loss", "operation", -math.inf),
        ("recurrence-overflow", "forward", "MatMul", "loss", "operation", math.inf),
        ("root-gradient-at-zero", "backward", None, "gradients", "forward", math.inf),
        ("clipping", "update", "Square", "gradients", "operation", math.inf),
        ("second-moment", "update", "ApplyAdam", "slots", "operation", math.inf),
        ("nan-in-data", "forward", None, "loss", "operation", None),
    ],
)
@pytest.mark.parametrize("resource", [False, True])
def test_planted(host, tmp_path, way, phase, operation, where, line_of, value, resource):
    found = die(host, tmp_path, {"way": way, "resource": resource})
    assert found["opened"]["framework"] == "tensorflow1"
    last = found["records"][-1]
    assert found["ended"] == "dead" and last["dead"]["where"] == where
    assert found["again"]["digests"] == [found["digest"]] * 2
    assert found["traced"]["record"]["dead"] == last["dead"]
    site, made = found["site"]
    assert (site["phase"], site["lineOf"], site["file"]) == (phase, line_of, FILE)
    assert operation in (None, site["operation"].removeprefix("Resource"))
    assert made == (value is not None)
    if way == "nan-in-data":
        assert [one["name"] for one in site["inputs"] if is_bad(one)] == ["batch/0"]
    else:
        assert site["line"] == marked(FILE, way)
        assert abs(site["bad"]["value"]) == abs(value)
    if way == "recurrence-overflow":
        assert site["timestep"] is not None and 10 < site["timestep"] < 30


def test_roles_and_life(host):
    opened = host.must("open", knobs={"way": "lives"}, seed=2, steps=3)
    roles = {one["role"] for one in opened["state"]}
    assert {"weight", "slot", "counter", "random"} <= roles
    advanced = host.must("advance", steps=3)
    assert advanced["ended"] == "finished" and advanced["records"][0]["gauges"]["gradient"] > 0
    host.must("close")


def test_control_flow_of_version_2_hides_its_inside_and_the_trace_says_so(host, tmp_path):
    found = die(host, tmp_path, {"way": "log-of-zero", "resource": True, "control": 2})
    assert found["again"]["digests"] == [found["digest"]] * 2
    assert found["traced"]["record"]["dead"] == found["records"][-1]["dead"]
    assert any("disable_control_flow_v2" in note for note in found["traced"]["notes"])
    site, made = found["site"]
    assert made and site["operation"] == "Log" and site["line"] == marked(FILE, "log-of-zero")
