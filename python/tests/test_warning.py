"""The alarm says the same as that in TypeScript, step by step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nanproof.warning import Alarmed, OverflowAlarm, alarm_sentence

VECTORS = json.loads((Path(__file__).parents[2] / "src" / "warning" / "vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_it_says_of_each_step_what_the_vectors_have(vector):
    alarm = OverflowAlarm()
    for step in vector["steps"]:
        magnitudes = {name: float(value) for name, value in step["magnitudes"].items()}
        begins = alarm.look(step["step"], magnitudes)
        assert (begins is not None) == step["begins"]
        if step["rings"] is None:
            assert alarm.ringing is None
        else:
            assert alarm.ringing is not None
            said = {**vars(alarm.ringing), "level": pytest.approx(alarm.ringing.level, abs=1e-8)}
            assert step["rings"] == said


def test_some_vectors_ring_and_some_do_not():
    rings = [any(step["begins"] for step in vector["steps"]) for vector in VECTORS]
    assert any(rings) and not all(rings)


def test_the_sentence_says_what_is_large_and_when():
    assert alarm_sentence(Alarmed(30, "cell", 25.4, 105)) == (
        "warning: float32 may overflow: cell is past 1e25 at step 30; about step 105 if it grows on like this"
    )
    assert alarm_sentence(Alarmed(30, "cell", 25.4, None)).endswith("; it does not grow now")
