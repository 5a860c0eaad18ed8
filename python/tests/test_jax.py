"""JAX: planted mechanisms, exact restores, the trace."""

from __future__ import annotations

import math

import pytest
from hosts import Host, die, is_bad, marked, planted

pytest.importorskip("jax")
FILE = planted("jax_planted.py")


@pytest.fixture(scope="module")
def host():
    with Host(FILE) as started:
        yield started


@pytest.mark.parametrize(
    ("mechanism", "phase", "operation", "where", "line_of", "value"),
    [
        ("log-of-zero", "forward", "log", "loss", "operation", -math.inf),
        ("log-of-negative", "forward", "log", "loss", "operation", math.nan),
        ("exp-overflow", "forward", "exp", "loss", "operation", math.inf),
        ("division-by-zero", "forward", "div", "loss", "operation", math.inf),
        ("zero-over-zero", "forward", "div", "loss", "operation", math.nan),
        ("root-gradient-at-zero", "backward", "div", "weights", "forward", math.inf),
        ("masked-branch", "backward", "div", "weights", "forward", math.nan),
        ("product-overflow", "forward", "mul", "loss", "operation", math.inf),
        ("recurrence-overflow", "forward", "dot_general", "loss", "operation", math.inf),
        ("backward-recurrence", "backward", "mul", "weights", "forward", math.inf),
        ("softmax-of-nothing", "forward", "sub", "loss", "operation", math.nan),
        ("second-moment-overflow", "update", "integer_pow", "slots", "operation", math.inf),
        ("update-overflow", "update", "mul", "weights", "operation", math.inf),
        ("non-finite-input", "forward", "mul", "loss", "operation", None),
        ("non-finite-weight", "forward", "mul", "loss", "operation", None),
    ],
)
@pytest.mark.parametrize("jitted", [True, False])
def test_planted(host, tmp_path, mechanism, phase, operation, where, line_of, value, jitted):
    found = die(host, tmp_path, {"mechanism": mechanism, "jitted": jitted})
    last = found["records"][-1]
    assert found["ended"] == "dead" and last["dead"]["where"] == where
    assert found["again"]["digests"] == [found["digest"]] * 2
    assert found["traced"]["record"]["dead"] == last["dead"]
    site, made = found["site"]
    assert (site["phase"], site["lineOf"], site["file"], site["line"]) == (
        phase,
        line_of,
        FILE,
        marked(FILE, mechanism),
    )
    assert operation == site["operation"]
    assert made == (value is not None)
    if value is not None:
        assert site["bad"]["value"] == value or math.isnan(value) and math.isnan(site["bad"]["value"])
    if mechanism == "recurrence-overflow":
        assert 60 < site["timestep"] < 70
    if mechanism == "backward-recurrence":
        assert 50 < site["timestep"] < 70
    if value is None:
        bad = [one["name"] for one in site["inputs"] if is_bad(one)]
        assert bad == ["batch/0" if mechanism == "non-finite-input" else "weight/w"]


def test_state_has_roles_and_lives(host):
    opened = host.must("open", knobs={"mechanism": "innocent"}, seed=1, steps=3)
    roles = {one["name"]: one["role"] for one in opened["state"]}
    assert (
        roles.items()
        >= {"weight/w": "weight", "slot/optimizer.v": "slot", "random/key": "random", "counter/i": "counter"}.items()
    )
    assert host.must("advance", steps=3)["ended"] == "finished"
    host.must("close")
