"""Keras 3 on its three backends."""

from __future__ import annotations

import pytest
from hosts import Host, die, is_bad, marked, planted

pytest.importorskip("keras")
FILE = planted("keras_planted.py")


@pytest.fixture(scope="module", params=["tensorflow", "torch", "jax"])
def host(request):
    pytest.importorskip(request.param)
    with Host(FILE, KERAS_BACKEND=request.param) as started:
        started.backend = request.param
        yield started


def test_a_relu_lstm_overflows(host, tmp_path):
    found = die(host, tmp_path, {"way": "relu-lstm"})
    assert found["opened"]["framework"] == "keras" and found["opened"]["state"]
    assert found["ended"] == "dead" and found["again"]["digests"] == [found["digest"]] * 2
    assert found["traced"]["record"]["dead"] == found["records"][-1]["dead"]
    site, made = found["site"]
    assert made and site["phase"] == "forward" and "lstm" in site["layer"]
    assert (site["lineOf"], site["file"], site["line"]) == ("call", FILE, marked(FILE, "called here"))
    assert site["timestep"] is not None and site["timestep"] > 5


def test_a_nan_in_the_data_is_found(host, tmp_path):
    found = die(host, tmp_path, {"way": "nan-in-data"})
    assert found["records"][-1]["step"] == 3 and found["again"]["digests"] == [found["digest"]] * 2
    site, made = found["site"]
    assert not made
    assert [one["name"] for one in site["inputs"] if is_bad(one)] == ["batch/0"]
    if host.backend != "jax":
        assert found["end"]["gradients"]


@pytest.mark.parametrize("way", ["lives", "lives-rnn"])
def test_a_state_comes_back_to_the_bit(host, tmp_path, way):
    host.must("open", knobs={"way": way}, seed=3, steps=6)
    host.must("advance", steps=3)
    files = {"state": str(tmp_path / "state"), "batch": str(tmp_path / "batch")}
    host.must("save", which="before", **files)
    again = host.must("run", **files, times=2)
    assert again["digests"][0] == again["digests"][1]
    host.must("close")
    opened = host.must("open", knobs={"way": way}, seed=3, steps=6)
    assert {"weight", "slot", "counter", "random"} <= {one["role"] for one in opened["state"]}
    after = host.must("run", **files, times=1)
    assert after["records"][0]["loss"] == again["records"][0]["loss"]
    assert after["digests"][0] == again["digests"][0]
    host.must("trace", **files, out=str(tmp_path / "trace"))
    host.must("close")


@pytest.mark.parametrize("backend", ["tensorflow", "torch"])
def test_fit_is_watched_inside_of_a_program(tmp_path, backend):
    pytest.importorskip(backend)
    with Host(planted("keras_fit.py"), KERAS_BACKEND=backend) as host:
        found = die(host, tmp_path)
    assert found["ended"] == "dead" and found["again"]["digests"] == [found["digest"]] * 2
    assert found["traced"]["record"]["dead"] == found["records"][-1]["dead"] == {"where": "loss", "tensor": None}
    site, made = found["site"]
    assert not made and [one["name"] for one in site["inputs"] if is_bad(one)] == ["batch/0"]
