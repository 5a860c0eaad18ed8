"""A step in the person's own script: it trains as before, and when it dies it is written down."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from dataclasses import dataclass
from typing import Any

from .batch import held_batch, write_batch
from .errors import TrainingDied
from .frames import calling_line, is_personal
from .gauges import Gauges
from .invariants import violations
from .records import norm
from .safetensors import write
from .trace import Recorder, Traced, to_json
from .training import Observed, State, Training, digest_of
from .versions import versions
from .watching import Step

PROTOCOL_STATE = "state", "batch", "trace"


@dataclass
class Kept:
    """What is kept of one step: all that it takes to run it again."""

    number: int
    before: State
    batch: tuple[Any, ...]


def own_step(step: Step, batch: tuple[Any, ...]) -> Any:
    """Runs a step of the person's own script.

    Raises TrainingDied when it dies, unless the script goes on after a death.
    """
    training = step.training
    step.count += 1
    training.prepare(batch)
    held = held_batch(batch, training)
    training.keep()
    gauges: dict[str, float]
    with step.alarm.looking(training, step.count) as outputs:
        if step.invariants:
            observed = training.observe(batch)
            broken = violations(step.invariants, step.count, observed.loss, gauges_of(observed))
            result, alive, gauges = observed.result, observed.dead is None and not broken, observed.gauges
        else:
            with Gauges() as gauges:
                result, alive = training.run_watched(batch)
            broken = []
    if alive:
        step.alarm.look(training, step.count, gauges, outputs, result)
        return result
    file, _ = calling_line(sys._getframe(1))
    Death(step, Kept(step.count, training.kept(), held), result, broken, file).tell()
    return result


def gauges_of(observed: Observed) -> dict[str, float]:
    """The gauges that a person's own invariants are given: the largest weight, the gradients' norm, and their own."""
    gradients = observed.seen.gradients
    gauges = {} if not gradients else {"gradient": norm(list(gradients.values()))}
    return {**gauges, **observed.gauges}


class Death:
    """A step that died: it is run again twice for its bits and once to trace it, written down, and told."""

    def __init__(self, step: Step, kept: Kept, result: Any, broken: list[dict[str, str]], call: str | None) -> None:
        self._step = step
        self._training: Training = step.training
        self._kept = kept
        self._result = result
        self._broken = broken
        started = os.path.abspath(sys.argv[0]) if sys.argv and sys.argv[0] else None
        self._file = started if started is not None and os.path.isfile(started) and is_personal(started) else call
        self._flaky = False
        self._why: str | None = None
        self._recorder: Recorder | None = None
        self._traced: Observed | None = None
        self._notes: list[str] = []

    def tell(self) -> None:
        """Writes the death down and says so on stderr.

        Raises TrainingDied unless the script goes on after a death.
        """
        after = self._training.take()
        try:
            observed = self._again(digest_of(after))
        finally:
            self._training.restore(after)
        path: str | None = None
        problem: str | None = None
        try:
            path = self._write(observed)
        except OSError as error:
            # A full disk must not hide the death.
            problem = str(error)
        message = self._message(observed)
        sys.stderr.write(self._report(message, path, problem))
        sys.stderr.flush()
        if self._step.on_death == "raise":
            dead = observed.dead
            where, tensor = (None, None) if dead is None else (dead.where, dead.tensor)
            raise TrainingDied(message, self._kept.number, observed.loss, where, tensor, path)

    def _again(self, digest: str) -> Observed:
        training, kept = self._training, self._kept
        found = []
        for _ in range(2):
            training.restore(kept.before)
            found.append(training.observe(held_batch(kept.batch, training)))
        digests = [digest_of(one.after) for one in found]
        self._flaky = any(one != digest for one in digests)
        if self._flaky:
            alive = any(one.dead is None and not self._broken for one in found)
            same = "it did not die again" if alive else "it died with other bits"
            self._why = (
                f"run again, {same}: the step depends on state that watch was not given"
                if digests[0] == digests[1]
                else f"run again, {same}, and differently each time: the step depends on more than its state and batch"
            )
        problem = training.probe()
        if problem is None:
            training.restore(kept.before)
            try:
                self._traced, self._recorder = training.trace(held_batch(kept.batch, training))
                self._notes = self._recorder.notes
            except Exception as error:
                self._notes = [f"the step could not be traced: {type(error).__name__}: {error}"]
        else:
            self._notes = [problem]
        dead = [one for one in found if one.dead is not None]
        if self._traced is not None and self._traced.dead is None and dead:
            self._notes.append("only the compiled form of the step dies: run op by op it lives")
        return (dead or found)[0]

    def _write(self, observed: Observed) -> str:
        kept, folder = self._kept, self._step.findings
        os.makedirs(folder, exist_ok=True)
        name = "script" if self._file is None else os.path.basename(self._file)
        part = os.path.join(folder, f".part-{os.getpid()}")
        write(f"{part}.state", kept.before)
        write_batch(f"{part}.batch", kept.batch, self._training)
        sha = hashlib.sha256()
        for ending in ("state", "batch"):
            with open(f"{part}.{ending}", "rb") as file:
                sha.update(file.read())
        stem = re.sub(r"[^A-Za-z0-9._-]", "-", os.path.splitext(name)[0]) + f"-step{kept.number}-{sha.hexdigest()[:12]}"
        files = {one: f"{stem}.{one}.{'jsonl' if one == 'trace' else 'safetensors'}" for one in PROTOCOL_STATE}
        for ending in ("state", "batch"):
            os.replace(f"{part}.{ending}", os.path.join(folder, files[ending]))
        if self._recorder is not None:
            self._recorder.write(os.path.join(folder, files["trace"]))
        record: dict[str, Any] = {
            "step": kept.number,
            "loss": observed.loss,
            "dead": None if observed.dead is None else observed.dead.json(),
            "gauges": gauges_of(observed),
        }
        if self._broken:
            record["violated"] = self._broken
        capture = {
            "kind": "capture",
            "knobs": None,
            "seed": None,
            "step": kept.number,
            "program": {"name": name, "sha256": _hash_of(self._file)},
            "versions": versions(),
            "record": record,
            "flaky": self._flaky,
            "why": self._why,
            "notes": self._notes,
            "expected": None,
            "state": files["state"],
            "batch": files["batch"],
            "trace": None if self._recorder is None else files["trace"],
        }
        path = os.path.join(folder, f"{stem}.json")
        with open(f"{path}.part", "w", encoding="utf-8") as out:
            out.write(json.dumps(json.loads(to_json(capture)), indent=2, ensure_ascii=False) + "\n")
        os.replace(f"{path}.part", path)
        return path

    def _message(self, observed: Observed) -> str:
        number, dead = self._kept.number, observed.dead
        if dead is None:
            if self._broken:
                first = self._broken[0]
                return f"step {number} broke {first['name']}: {first['message']}"
            return f"training died at step {number}, and lived when the step was run again"
        what = {
            "loss": f"the loss is {_spelled(observed.loss)}",
            "gradients": f"the gradient of {(dead.tensor or '').removeprefix('weight/')} is not finite",
            "weights": f"{dead.tensor} is not finite",
            "slots": f"the optimizer's {dead.tensor} is not finite",
        }[dead.where]
        return f"training died at step {number}: {what}"

    def _report(self, message: str, path: str | None, problem: str | None) -> str:
        lines = [f"nanproof: {message}"]
        site = None if self._recorder is None else first_site(self._recorder)
        if site is not None:
            lines.append(f"  first      {site_line(site)}")
        if self._why is not None:
            lines.append(f"  flaky      {self._why}")
        lines += [f"  note       {note}" for note in self._notes[:3]]
        if path is None:
            lines.append(f"  not captured: {problem}")
        else:
            file = "FILE" if self._file is None else os.path.relpath(self._file)
            lines += [f"  captured in {path}", "replay it:", f"  npx nanproof replay {path} --program {file}"]
        return "\n".join(lines[:10]) + "\n"


def first_site(recorder: Recorder) -> tuple[Traced, bool] | None:
    """The first operation whose bad output reaches a result of the step, and whether it made it or was given it."""
    end = recorder.end
    lasting = {end["loss"]}
    for results in (end["gradients"], end["weights"], end["slots"]):
        lasting.update(results.values())
    chain = []
    for one in reversed(recorder.traced):
        if any(_is_bad(output) and output["id"] in lasting for output in one.record["outputs"]):
            chain.append(one)
            lasting.update(taken["id"] for taken in one.record["inputs"] if _is_bad(taken))
    chain = [one for one in reversed(chain) if one.record["inputs"]]
    for one in chain:
        inputs, outputs = one.record["inputs"], one.record["outputs"]
        made_nan = any(out["nan"] for out in outputs) and not any(taken["nan"] for taken in inputs)
        if made_nan or not any(_is_bad(taken) for taken in inputs):
            return one, True
    return (chain[0], False) if chain else None


def site_line(site: tuple[Traced, bool]) -> str:
    """A site as one line for people."""
    traced, made = site
    one = traced.record
    bad = "a number that is not finite" if one["bad"] is None else _spelled(one["bad"]["value"])
    verb = "made" if made else "was given what is not finite and made"
    parts = [f"{one['operation']} {verb} {bad} in the {one['phase']} phase"]
    if one["file"] is not None:
        what = {
            "operation": "at",
            "forward": "the gradient of",
            "layer": "of the layer made at",
            "call": "in the step called at",
        }[one["lineOf"]]
        parts.append(f"{what} {os.path.relpath(one['file'])}:{one['line']}")
    if one["layer"] is not None:
        parts.append(f"layer {one['layer']}")
    if one["timestep"] is not None:
        parts.append(f"timestep {one['timestep']}")
    elif one["of"] > 1:
        parts.append(f"execution {one['execution']} of {one['of']}")
    return ", ".join(parts)


def _is_bad(value: dict[str, Any]) -> bool:
    return bool(value["nan"] + value["inf"])


def _spelled(number: float) -> str:
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(str(float(number)), str(number))


def _hash_of(file: str | None) -> str | None:
    if file is None:
        return None
    try:
        with open(file, "rb") as opened:
            return hashlib.sha256(opened.read()).hexdigest()
    except OSError:
        return None
