"""Knobs, programs, and the reader and writer of safetensors."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

import nanproof
from nanproof import choice, integer, lengths, log_uniform, uniform
from nanproof import safetensors as st
from nanproof.errors import NanproofError
from nanproof.trace import Recorder, first_bad, to_json, value


def test_knobs_have_the_defaults_of_the_rules():
    assert integer(1, 32).record == {"kind": "integer", "min": 1, "max": 32, "default": 1}
    assert uniform(0.0, 10.0).default == 5
    assert log_uniform(1e-4, 1).default == pytest.approx(0.01)
    assert choice(["a", "b"]).default == "a" and choice([True, False], default=False).default is False
    assert lengths(rows=(1, 2), time=(0, 3)).default == [3, 3]
    given = log_uniform(1, 10, default=5)
    assert given.value(given.default) == 5.0 and isinstance(given.value(given.default), float)


@pytest.mark.parametrize(
    "make",
    [
        lambda: integer(1.5, 3),
        lambda: integer(3, 1),
        lambda: integer(1, 3, default=7),
        lambda: integer(True, 3),
        lambda: uniform(0, math.inf),
        lambda: log_uniform(0, 1),
        lambda: choice([]),
        lambda: choice("ab"),
        lambda: choice(["a"], default="b"),
        lambda: lengths(rows=(0, 2), time=(1, 2)),
        lambda: lengths(rows=2, time=(1, 2)),
        lambda: lengths(rows=(1, 2), time=(1, 2), default=[5]),
        lambda: nanproof.program(knobs={"9": integer(1, 2)}),
        lambda: nanproof.program(knobs={"a": 1}),
        lambda: nanproof.program(steps=0),
        lambda: nanproof.program(invariants=[{"name": 1}]),
    ],
)
def test_knobs_that_are_none_are_refused(make):
    with pytest.raises(NanproofError):
        make()


def test_true_and_1_are_two_choices():
    assert choice([1, 2]).misfit(True) is not None
    assert choice([True]).misfit(1) is not None
    assert choice([1.0]).misfit(1) is None


def test_case_ended_is_no_exception():
    assert not issubclass(nanproof.CaseEnded, Exception)


def test_tensors_come_back(tmp_path: Path):
    tensors = {name: st.Tensor(name, np.ones((2, 3), dtype)) for name, dtype in st.DTYPES.items()}
    tensors["a/0"] = st.tensor_of(np.float64(math.nan))
    tensors["empty"] = st.tensor_of(np.zeros((0, 4), np.float32))
    st.write(tmp_path / "f", tensors, {"a/0": "number"})
    found, metadata = st.read(tmp_path / "f")
    assert metadata == {"a/0": "number"} and set(found) == set(tensors)
    for name, tensor in tensors.items():
        assert found[name].dtype == tensor.dtype and found[name].array.tobytes() == tensor.array.tobytes()
        assert found[name].array.shape == tensor.array.shape
    assert st.Tensor("BF16", np.array([0x3F80], np.uint16)).numbers().tolist() == [1.0]


def file_of(header: object, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + data


def entry(begin: int, end: int, shape: list[int], dtype: str = "F32") -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 7,
        file_of({}, length=10**9),
        file_of({}, length=2**63),
        file_of({}, length=3),
        file_of([1]),
        file_of(b"{nonsense"),
        file_of(
            b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
            b"1234",
        ),
        file_of(b"[" * 100_000),
        file_of({"a": entry(0, 4, [2])}, b"1234"),
        file_of({"a": entry(0, 8, [2])}, b"1234"),
        file_of({"a": entry(0, 4, [1])}, b"12345678"),
        file_of({"a": entry(4, 8, [1])}, b"12345678"),
        file_of({"a": entry(0, 4, [1]), "b": entry(2, 6, [1])}, b"123456"),
        file_of({"a": entry(-4, 0, [1])}, b"1234"),
        file_of({"a": entry(0, 4, [-1])}, b"1234"),
        file_of({"a": entry(0, 4, [2**62, 4])}, b"1234"),
        file_of({"a": entry(0, 4, [True])}, b"1234"),
        file_of({"a": entry(0, 4, [1], "object")}, b"1234"),
        file_of({"a": entry(0, 1, [1], "BOOL")}, b"\2"),
        file_of({"a": {**entry(0, 4, [1]), "more": 1}}, b"1234"),
        file_of({"__metadata__": {"a": 1}}),
    ],
)
def test_files_that_are_no_safetensors_are_refused(tmp_path: Path, content: bytes):
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(NanproofError, match="is no safetensors file"):
        st.read(tmp_path / "f")


def test_a_value_tells_what_a_tensor_is_like():
    numbers = np.array([[0, -3, math.nan], [math.inf, 2, 0]], np.float32)
    found = value(1, "weight/w", "F32", numbers)
    assert (found["max"], found["low"], found["high"], found["nan"], found["inf"], found["zeros"]) == (
        3,
        -3,
        math.inf,
        1,
        1,
        2,
    )
    bad = first_bad([numbers], [np.ones(3), np.ones((2, 1))])
    assert bad is not None and bad["index"] == [0, 2] and math.isnan(bad["value"]) and bad["operands"] == [1, 1]
    assert value(1, None, "F32", np.full(2, math.nan, np.float32))["max"] == 0
    assert value(1, None, "I64", np.zeros((0, 2)))["shape"] == [0, 2]


def test_numbers_that_json_lacks_are_spelled():
    assert json.loads(to_json({"a": [math.nan, math.inf, -math.inf, 1.5]})) == {"a": ["NaN", "Infinity", "-Infinity", 1.5]}


def test_a_loop_as_long_as_an_axis_of_the_batch_is_over_time():
    from nanproof.frames import Place

    recorder = Recorder(frozenset([2, 5]))
    places = [Place("/a.py", line, "f", "operation", ("k", line), ("p", line)) for line in range(3)]
    for _ in range(5):
        recorder.add("forward", "mul", places[0], [], [])
    for _ in range(7):
        recorder.add("forward", "add", places[1], [], [])
    recorder.count()
    steps = [one.record["timestep"] for one in recorder.traced]
    assert steps[:5] == [0, 1, 2, 3, 4] and steps[5:] == [None] * 7
    assert [one.record["of"] for one in recorder.traced] == [5] * 5 + [7] * 7


def test_random_states_are_kept_and_leave_the_generators_alone():
    import random

    from nanproof.randoms import KeptRandoms, take_randoms

    expected, kept = take_randoms(None), KeptRandoms()
    random.random()
    np.random.random()
    drawn = take_randoms(None)
    assert {name: one.array.tobytes() for name, one in kept.state().items()} == {
        name: one.array.tobytes() for name, one in expected.items()
    }
    assert take_randoms(None)["random/numpy.gauss"].array.tobytes() == drawn["random/numpy.gauss"].array.tobytes()
    assert take_randoms(None)["random/python"].array.tobytes() == drawn["random/python"].array.tobytes()
