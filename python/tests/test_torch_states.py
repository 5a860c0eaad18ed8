"""PyTorch: a state comes back to the bit, in the same case and in a fresh one."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest
from hosts import Host, marked, planted, read_trace

pytest.importorskip("torch")
FILE = planted("torch_states.py")


@pytest.fixture(scope="module")
def host():
    with Host(FILE) as started:
        yield started


CASES = [{"optimizer": one} for one in ("Adam", "AdamFused", "AdamW", "SGD", "Momentum", "Adagrad", "RMSprop", "NAdam")]
CASES += [{"optimizer": one} for one in ("Adadelta", "Rprop", "ASGD", "Adamax")]
CASES += [{"more": one} for one in ("step", "plateau", "onecycle", "scaler", "two", "inplace", "clip", "lstm")]


def states(host, tmp_path, knobs, steps=7):
    """The digest of a step that the program ran, and of the same step run again in a fresh case."""
    files = {"state": str(tmp_path / "state"), "batch": str(tmp_path / "batch")}
    host.must("open", knobs=knobs, seed=5, steps=steps)
    records = host.must("advance", steps=steps)["records"]
    assert [one["dead"] for one in records] == [None] * steps
    digest = host.must("digest")["digest"]
    host.must("save", which="before", **files)
    again = host.must("run", **files, times=2)
    assert again["digests"] == [digest] * 2
    host.must("close")
    host.must("open", knobs=knobs, seed=6, steps=steps)
    fresh = host.must("run", **files, times=1)
    traced = host.must("trace", **files, out=str(tmp_path / "trace"))
    after = host.must("digest")["digest"]
    host.must("close")
    return records, digest, fresh, traced, after


@pytest.mark.parametrize("knobs", CASES, ids=lambda knobs: next(iter(knobs.values())))
def test_a_state_comes_back(host, tmp_path: Path, knobs):
    records, digest, fresh, traced, after = states(host, tmp_path, knobs)
    assert fresh["digests"] == [digest]
    assert after == digest
    assert fresh["records"][0]["loss"] == records[-1]["loss"] == traced["record"]["loss"]
    gauges = records[-1]["gauges"]
    if knobs.get("more") == "clip":
        assert gauges["gradient"] == pytest.approx(0.01, rel=1e-3) and gauges["rawGradient"] > 0.011


def test_a_learning_rate_is_todays(host, tmp_path: Path):
    files = {"state": str(tmp_path / "state"), "batch": str(tmp_path / "batch")}
    weights = {}
    host.must("open", knobs={"more": "step", "optimizer": "SGD"}, seed=5, steps=5)
    host.must("advance", steps=5)
    host.must("save", which="before", **files)
    host.must("close")
    for rate in (0.01, 0.02):
        host.must("open", knobs={"more": "step", "optimizer": "SGD", "rate": rate}, seed=5, steps=5)
        weights[rate] = host.must("run", **files, times=1)["records"][0]["gauges"]["update"]
        host.must("close")
    assert weights[0.02] == pytest.approx(2 * weights[0.01], rel=1e-3)


def test_a_state_of_another_optimizer_is_refused(host, tmp_path: Path):
    files = {"state": str(tmp_path / "state"), "batch": str(tmp_path / "batch")}
    host.must("open", knobs={"optimizer": "Adam"}, seed=5, steps=3)
    host.must("advance", steps=3)
    host.must("save", which="before", **files)
    host.must("close")
    for knobs in ({"optimizer": "Momentum"}, {"more": "lstm"}):
        host.must("open", knobs=knobs, seed=5, steps=3)
        assert host.ask("run", **files, times=1)["error"]["kind"] == "restore"
        host.must("close")


def test_gradients_that_a_scaler_skips_are_no_death(host):
    host.must("open", knobs={"more": "overflowing-scaler"}, seed=5, steps=6)
    records = host.must("advance", steps=6)["records"]
    host.must("close")
    assert [one["skipped"] for one in records] == [False, True] * 3
    assert all(one["dead"] is None for one in records)


def test_the_layer_and_the_timestep_of_a_cell_are_told(host, tmp_path: Path):
    states(host, tmp_path, {"more": "lstm"})
    operations, _ = read_trace(tmp_path / "trace")
    line = marked(FILE, "cell")
    # The second is a GPU's.
    gates = ("aten.sigmoid_", "aten._thnn_fused_lstm_cell")
    cell = [one for one in operations if one["line"] == line and one["operation"] in gates]
    cell = cell or [one for one in operations if one["line"] == line and one["layer"] == "cell"]
    assert {one["layer"] for one in cell} == {"cell"}
    assert {one["timestep"] for one in cell if one["phase"] == "forward"} == set(range(9))


def test_what_is_written_in_place_is_followed(host, tmp_path: Path):
    states(host, tmp_path, {"more": "inplace"})
    operations, end = read_trace(tmp_path / "trace")
    made = {value["id"] for one in operations for value in one["outputs"]}
    wanted, reached = [end["loss"]], set()
    while wanted:
        identity = wanted.pop()
        reached.add(identity)
        for one in operations:
            if any(value["id"] == identity for value in one["outputs"]):
                wanted += [value["id"] for value in one["inputs"] if value["id"] not in reached]
                reached.update(wanted)
    assert end["loss"] in made
    assert any(one["line"] == marked(FILE, "inplace") and one["outputs"][0]["id"] in reached for one in operations)
    names = {value["name"] for one in operations for value in one["inputs"] if value["id"] in reached}
    assert {"batch/0", "batch/1", "weight/0.weight"} <= names


DEVICE = os.environ.get("NANPROOF_TESTS_DEVICE", "cpu")


def test_a_look_finds_what_is_not_finite_and_nothing_else():
    import torch

    from nanproof.adapters.torch import _Look

    def finite(*numbers, look="lasting", dtype=torch.float32):
        found = _Look()
        getattr(found, look)([torch.tensor(numbers, dtype=dtype, device=DEVICE), torch.ones(3, device=DEVICE)])
        return found.finite()

    for look in ("lasting", "tensors"):
        # The sum of the first overflows, and each is finite.
        assert finite(3e38, 3e38, look=look) and finite(65504.0, 65504.0, look=look, dtype=torch.float16)
        for bad in ((torch.inf, 1.0), (torch.inf, -torch.inf), (torch.nan, 1.0), (1.0, torch.nan), (torch.nan, torch.inf)):
            assert not finite(*bad, look=look)
    both = _Look()
    both.lasting([torch.ones(2, device=DEVICE)])
    both.tensors([torch.tensor([torch.nan], device=DEVICE)])
    assert not both.finite()


def test_the_largest_magnitude_is_that_of_all_kinds_of_numbers():
    import torch

    from nanproof.adapters.torch import _largest

    def largest(*tensors):
        return _largest([one.to(DEVICE) for one in tensors])

    halves = torch.tensor([1.0, -60000.0], dtype=torch.float16)
    assert largest(torch.tensor([-3.0, 2.0]), torch.tensor([[1.0], [-7.0]])) == 7
    assert largest(torch.tensor([5.0]), halves) == 60_000
    for bad in (torch.tensor([torch.nan, 1e30]), torch.tensor([1e30, torch.nan])):
        assert math.isnan(largest(torch.tensor([1e35]), bad, halves))
        assert math.isnan(largest(bad, halves))
