"""TensorFlow 2: planted mechanisms, exact restores, the trace."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hosts import Host, die, is_bad, marked, planted

pytest.importorskip("tensorflow")
FILE = planted("tensorflow_planted.py")


@pytest.fixture(scope="module")
def host():
    with Host(FILE) as started:
        yield started


@pytest.mark.parametrize(
    ("mechanism", "phase", "operation", "where", "line_of", "value"),
    [
        ("log-of-zero", "forward", "Log", "loss", "operation", -math.inf),
        ("log-of-negative", "forward", "Log", "loss", "operation", math.nan),
        ("exp-overflow", "forward", "Exp", "loss", "operation", math.inf),
        ("division-by-zero", "forward", "RealDiv", "loss", "operation", math.inf),
        ("zero-over-zero", "forward", "RealDiv", "loss", "operation", math.nan),
        ("root-gradient-at-zero", "backward", "SqrtGrad", "weights", "forward", math.inf),
        ("masked-branch", "backward", "Reciprocal", "weights", "forward", math.inf),
        ("product-overflow", "forward", "Mul", "loss", "operation", math.inf),
        ("recurrence-overflow", "forward", "MatMul", "loss", "operation", math.inf),
        ("softmax-of-nothing", "forward", "Softmax", "loss", "operation", math.nan),
        ("second-moment-overflow", "update", "Square", "slots", "operation", math.inf),
        ("update-overflow", "update", None, "weights", "operation", math.inf),
        ("non-finite-clip-norm", "update", "Square", "weights", "operation", math.inf),
        ("non-finite-input", "forward", "Mul", "loss", "operation", None),
        ("non-finite-weight", "forward", "Mul", "loss", "operation", None),
    ],
)
@pytest.mark.parametrize("compiled", [True, False])
def test_planted(host, tmp_path, mechanism, phase, operation, where, line_of, value, compiled):
    found = die(host, tmp_path, {"mechanism": mechanism, "compiled": compiled})
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
    assert operation in (None, site["operation"])
    assert made == (value is not None)
    if value is not None:
        assert abs(site["bad"]["value"]) == abs(value) or math.isnan(value) and math.isnan(site["bad"]["value"])
    if mechanism == "recurrence-overflow":
        assert 60 < site["timestep"] < 70
    if value is None:
        bad = [one["name"] for one in site["inputs"] if is_bad(one)]
        assert bad == ["batch/0" if mechanism == "non-finite-input" else "weight/w"]


def test_state_has_roles_and_lives(host):
    host.must("open", knobs={"mechanism": "innocent"}, seed=1, steps=3)
    assert host.must("advance", steps=3)["ended"] == "finished"
    host.must("close")


def test_what_is_kept_stays_and_what_is_looked_at_is_found():
    import tensorflow as tf

    from nanproof.adapters.tensorflow import _Fast

    weight, counter = tf.Variable([3e38, 3e38]), tf.Variable(1, dtype=tf.int64)
    fast = _Fast({"weight/w": weight, "counter/i": counter})
    fast.keep()
    weight.assign_sub([1e38, 0.0])
    counter.assign_add(1)
    state = fast.state()
    assert state["weight/w"].array.tolist() == np.array([3e38, 3e38], np.float32).tolist()
    assert state["counter/i"].array.tolist() == 1
    # Their sum overflows, and each is finite.
    assert fast.finite(1.0) and not fast.finite(math.nan)
    for bad in ([math.inf, 1.0], [math.inf, -math.inf], [math.nan, 1.0]):
        weight.assign(bad)
        assert not fast.finite(1.0)
