"""PyTorch: planted mechanisms, exact restores, the trace."""

from __future__ import annotations

import math

import pytest
from hosts import Host, die, is_bad, marked, planted

pytest.importorskip("torch")
FILE = planted("torch_planted.py")


@pytest.fixture(scope="module")
def host():
    with Host(FILE) as started:
        yield started


@pytest.mark.parametrize(
    ("mechanism", "phase", "operation", "where", "line_of", "value"),
    [
        ("log-of-zero", "forward", "aten.log", "loss", "operation", -math.inf),
        ("log-of-negative", "forward", "aten.log", "loss", "operation", math.nan),
        ("exp-overflow", "forward", "aten.exp", "loss", "operation", math.inf),
        ("division-by-zero", "forward", "aten.div", "loss", "operation", math.inf),
        ("zero-over-zero", "forward", "aten.div", "loss", "operation", math.nan),
        ("reciprocal-overflow", "backward", "aten.div", "gradients", "forward", -math.inf),
        ("root-gradient-at-zero", "backward", "aten.div", "gradients", "forward", math.inf),
        ("masked-branch", "backward", "aten.div", "gradients", "forward", math.nan),
        ("product-overflow", "forward", "aten.mul", "loss", "operation", math.inf),
        ("sum-of-squares-overflow", "forward", "aten.pow", "loss", "operation", math.inf),
        ("recurrence-overflow", "forward", "aten.mm", "loss", "operation", math.inf),
        ("softmax-of-nothing", "forward", "aten._softmax", "loss", "operation", math.nan),
        ("half-precision-overflow", "forward", "aten.mul", "loss", "operation", math.inf),
        ("second-moment-overflow", "update", None, "slots", "operation", math.inf),
        ("update-overflow", "update", None, "weights", "operation", -math.inf),
        ("non-finite-clip-norm", "update", None, "gradients", "operation", math.inf),
        ("non-finite-input", "forward", "aten.mul", "loss", "operation", None),
        ("non-finite-weight", "forward", "aten.mul", "loss", "operation", None),
    ],
)
def test_planted(host, tmp_path, mechanism, phase, operation, where, line_of, value):
    found = die(host, tmp_path, {"mechanism": mechanism})
    last = found["records"][-1]
    assert found["ended"] == "dead" and last["dead"]["where"] == where
    assert found["again"]["digests"] == [found["digest"]] * 2
    assert found["traced"]["record"]["dead"] == last["dead"]
    assert found["traced"]["notes"] == []
    site, made = found["site"]
    assert (site["phase"], site["lineOf"], site["file"], site["line"]) == (
        phase,
        line_of,
        FILE,
        marked(FILE, mechanism),
    )
    assert operation in (None, site["operation"])
    assert made == (value is not None)
    if value is not None:
        assert site["bad"]["value"] == value or math.isnan(value) and math.isnan(site["bad"]["value"])
    if mechanism == "recurrence-overflow":
        assert site["timestep"] is not None and 60 < site["timestep"] < 70
    if mechanism.startswith("non-finite-") and value is None:
        bad = [one["name"] for one in site["inputs"] if is_bad(one)]
        assert bad == ["batch/0" if mechanism == "non-finite-input" else "weight/w"]


def test_division_has_its_operands(host, tmp_path):
    site, _ = die(host, tmp_path, {"mechanism": "division-by-zero"})["site"]
    assert site["bad"] == {"output": 0, "index": [0], "value": math.inf, "operands": [1, 0]}


def test_innocent_infinities_are_no_death(host):
    host.must("open", knobs={"mechanism": "innocent"}, seed=1, steps=3)
    advanced = host.must("advance", steps=3)
    assert advanced["ended"] == "finished" and len(advanced["records"]) == 3
    assert [one["step"] for one in advanced["records"]] == [1, 2, 3]
    assert advanced["records"][0]["gauges"]["gradient"] > 0
    host.must("close")
