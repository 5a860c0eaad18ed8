"""What a host does to every step from outside of a program: by numbers that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hosts import Host, planted

from nanproof.safetensors import read

FILE = planted("interventions.py")
# The gradient is (3, 4), of norm 5, and the rate 1.
PLAIN = [-3.0, -4.0]
CLIPPED = [-0.6, -0.8]
FRAMEWORKS = ["torch", "keras", "tensorflow", "tensorflow1", "jax"]
MODULES = {"tensorflow1": "tensorflow"}


def hosted(framework, variant=""):
    pytest.importorskip(MODULES.get(framework, framework))
    return Host(FILE, FRAMEWORK=framework, VARIANT=variant)


def weights(host, tmp_path):
    state = str(tmp_path / "state")
    host.must("save", which="now", state=state)
    return [one.array.ravel().tolist() for name, one in read(state)[0].items() if name.startswith("weight/")][0]


@pytest.fixture(scope="module", params=FRAMEWORKS)
def host(request):
    with hosted(request.param) as started:
        yield started


def opened(host, steps, **intervention):
    return host.ask("open", knobs={}, seed=1, steps=steps, intervention=intervention)


def after(host, tmp_path, steps, **intervention):
    answer = opened(host, 3, **intervention)
    assert answer["ok"], answer
    records = host.must("advance", steps=steps)["records"]
    return weights(host, tmp_path), records


def test_clips(host, tmp_path):
    framework = host.must("open", knobs={}, seed=1, steps=1)["framework"]
    host.ask("close")
    if framework == "jax":
        refused = opened(host, 1, clipNorm=1.0)
        assert refused["error"]["kind"] == "unsupported" and "inside of train_step" in refused["error"]["message"]
        return
    assert after(host, tmp_path, 1, clipNorm=1.0)[0] == pytest.approx(CLIPPED, rel=1e-5)
    host.ask("close")
    assert after(host, tmp_path, 1, clipNorm=10.0)[0] == PLAIN
    host.ask("close")
    # The case before has left nothing behind.
    assert after(host, tmp_path, 1)[0] == PLAIN


def test_multiplies_the_change_of_weights(host, tmp_path):
    assert opened(host, 1, learningRateFactor=0.1)["ok"]
    host.must("advance", steps=1)
    assert weights(host, tmp_path) == pytest.approx([-0.3, -0.4], rel=1e-6)


def test_multiplies_the_change_of_weights_alone_in_a_state_of_jax(tmp_path):
    with hosted("jax", "_with_a_sum") as host:
        assert opened(host, 1, learningRateFactor=0.1)["ok"]
        host.must("advance", steps=1)
        host.must("save", which="now", state=str(tmp_path / "state"))
        numbers = {name: one.array.tolist() for name, one in read(str(tmp_path / "state"))[0].items()}
        # By their names both are weights. The loss is computed from one alone.
        assert numbers["weight/a"] == pytest.approx([-0.3, -0.4], rel=1e-6)
        assert numbers["weight/b"] == [3.0, 4.0]


def test_leaves_out_an_update_that_is_not_finite(host, tmp_path):
    found, records = after(host, tmp_path, 3, skipNonFinite=True)
    assert [(one["skipped"], one["dead"]) for one in records] == [(False, None), (True, None), (False, None)]
    assert np.isnan(records[1]["loss"])
    assert found == [-6.0, -8.0]
    host.ask("close")
    _, records = after(host, tmp_path, 3)
    assert records[-1]["dead"] is not None and len(records) == 2


def test_holds_for_steps_that_are_asked_for(host, tmp_path):
    state, batch = str(tmp_path / "before"), str(tmp_path / "batch")
    host.must("open", knobs={}, seed=1, steps=3)
    host.must("save", which="now", state=state, batch=batch)
    host.ask("close")
    assert opened(host, 3, skipNonFinite=True)["ok"]
    host.must("advance", steps=1)
    (record,) = host.must("run", state=state, batch=batch, times=1)["records"]
    assert not record["skipped"] and weights(host, tmp_path) == PLAIN
    host.must("advance", steps=1)
    host.must("save", which="before", state=state, batch=batch)
    first, second = host.must("run", state=state, batch=batch, times=2)["records"]
    assert first["skipped"] and second["skipped"]


@pytest.mark.parametrize(("framework", "message"), [("torch", "no optimizer"), ("tensorflow", "apply_gradients")])
def test_says_where_gradients_do_not_go_through_an_optimizer(framework, message):
    with hosted(framework, "_by_hand") as host:
        answer = opened(host, 3, clipNorm=1.0)
        error = answer.get("error") or host.must("advance", steps=1)["error"]
        assert error["kind"] == "unsupported" and message in error["message"]


@pytest.mark.parametrize("intervention", [{"clip": 1}, {"clipNorm": 0}, {"learningRateFactor": True}, 3])
def test_refuses_what_it_does_not_know(intervention):
    with hosted("torch") as host:
        refused = host.ask("open", knobs={}, seed=1, steps=1, intervention=intervention)
        assert refused["error"]["kind"] == "protocol"
        # And goes on to work.
        assert host.ask("open", knobs={}, seed=1, steps=1)["ok"]
