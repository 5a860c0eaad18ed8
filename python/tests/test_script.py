"""A person's own script: its death is captured, and the host runs it again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hosts import HERE, Host, marked, planted, revive

pytest.importorskip("torch")
SCRIPT = planted("script_torch.py")


def run_script(file: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "OMP_NUM_THREADS": "1"}
    environment.pop("NANPROOF_PROTOCOL", None)
    return subprocess.run([sys.executable, file], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_script_dies_with_a_capture_that_dies_the_same_way_in_the_host(tmp_path):
    ran = run_script(SCRIPT, tmp_path)
    assert ran.returncode == 1
    assert ran.stdout.startswith("0 0.69")
    assert "nanproof: training died at step 2: the loss is Infinity" in ran.stderr
    assert (
        f"aten.log made -Infinity in the forward phase, at {os.path.relpath(SCRIPT, tmp_path)}:{marked(SCRIPT)}" in ran.stderr
    )
    assert "npx nanproof replay nanproof-findings/" in ran.stderr and "TrainingDied" in ran.stderr
    told = [line for line in ran.stderr.partition("Traceback")[0].splitlines() if line]
    assert len(told) <= 10
    findings = tmp_path / "nanproof-findings"
    captures = [one for one in findings.iterdir() if one.suffix == ".json"]
    assert len(captures) == 1 and not any(".part" in one.name for one in findings.iterdir())
    capture = revive(json.loads(captures[0].read_text()))
    assert capture["kind"] == "capture" and capture["step"] == 2 and capture["flaky"] is False and capture["notes"] == []
    with Host(SCRIPT) as host:
        assert host.greeting["file"] == capture["program"] and host.greeting["form"] == "script"
        opened = host.must("open", knobs={}, seed=1, steps=20)
        assert {one["name"] for one in opened["state"]} >= {"weight/w", "counter/scheduler.last_epoch"}
        files = {"state": str(findings / capture["state"]), "batch": str(findings / capture["batch"])}
        again = host.must("run", **files, times=2)
        assert [one["dead"] for one in again["records"]] == [capture["record"]["dead"]] * 2
        assert len(set(again["digests"])) == 1
        host.must("trace", **files, out=str(tmp_path / "trace"))
        ours = [json.loads(line) for line in (findings / capture["trace"]).read_text().splitlines()]
        theirs = [json.loads(line) for line in (tmp_path / "trace").read_text().splitlines()]
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert one == other
        host.must("close")
        assert host.ask("open", knobs={}, seed=1, steps=20)["error"]["kind"] == "fresh-process"


def test_a_script_can_go_on(tmp_path):
    ran = run_script(planted("script_torch_continues.py"), tmp_path)
    assert ran.returncode == 0
    assert len(ran.stdout.splitlines()) == 6
    assert ran.stderr.count("training died at step") == 5


@pytest.mark.parametrize(("framework", "operation"), [("tensorflow1", "Log"), ("jax", "log")])
def test_scripts_of_other_frameworks_die_with_a_capture(tmp_path, framework, operation):
    pytest.importorskip(framework.removesuffix("1"))
    file = planted(f"script_{framework}.py")
    ran = run_script(file, tmp_path)
    assert ran.returncode == 1
    assert "nanproof: training died at step 3: the loss is Infinity" in ran.stderr, ran.stderr
    told = f"{operation} made -Infinity in the forward phase, at {os.path.relpath(file, tmp_path)}:{marked(file)}"
    assert told in ran.stderr, ran.stderr
    findings = tmp_path / "nanproof-findings"
    capture = revive(json.loads(next(one for one in findings.iterdir() if one.suffix == ".json").read_text()))
    assert capture["flaky"] is False, capture["why"]
    with Host(file) as host:
        host.must("open", knobs={}, seed=1, steps=20)
        files = {"state": str(findings / capture["state"]), "batch": str(findings / capture["batch"])}
        again = host.must("run", **files, times=2)
        assert [one["dead"] for one in again["records"]] == [capture["record"]["dead"]] * 2
        host.must("close")


@pytest.mark.parametrize("backend", ["tensorflow", "torch"])
def test_fit_is_watched_by_a_callback(tmp_path, backend, monkeypatch):
    pytest.importorskip("keras")
    monkeypatch.setenv("KERAS_BACKEND", backend)
    file = planted("script_keras.py")
    ran = run_script(file, tmp_path)
    assert ran.returncode == 1, ran.stderr
    assert "nanproof: training died at step 3: the loss is NaN" in ran.stderr
    assert f"{os.path.relpath(file, tmp_path)}:{marked(file, 'called here')}" in ran.stderr
    findings = tmp_path / "nanproof-findings"
    capture = revive(json.loads(next(one for one in findings.iterdir() if one.suffix == ".json").read_text()))
    assert capture["flaky"] is False, capture["why"]
    with Host(file, KERAS_BACKEND=backend) as host:
        host.must("open", knobs={}, seed=1, steps=20)
        files = {"state": str(findings / capture["state"]), "batch": str(findings / capture["batch"])}
        again = host.must("run", **files, times=2)
        assert [one["dead"] for one in again["records"]] == [capture["record"]["dead"]] * 2
        host.must("close")
