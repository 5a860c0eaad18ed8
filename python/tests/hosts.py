"""A host process for tests, and readers of what it writes."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
# NANPROOF_TESTS_DEVICE=cuda runs the programs of PyTorch's tests on a GPU.
PYTHONPATH = os.pathsep.join([str(HERE.parent), *([str(HERE / "device")] if "NANPROOF_TESTS_DEVICE" in os.environ else [])])


def planted(name: str) -> str:
    return str(PROGRAMS / name)


def marked(file: str, mark: str = "dies here") -> int:
    lines = Path(file).read_text().splitlines()
    return next(i for i, line in enumerate(lines, 1) if f"# {mark}" in line)


def revive(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: revive(part) for key, part in value.items()}
    if isinstance(value, list):
        return [revive(part) for part in value]
    return (
        {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}.get(value, value) if isinstance(value, str) else value
    )


class Host:
    """A host process: `ask` sends a request and waits for its reply."""

    def __init__(self, file: str, **environment: str) -> None:
        requests, self._write = os.pipe()
        self._read, replies = os.pipe()
        command = f'exec "{sys.executable}" -m nanproof.host "$0" 3<&{requests} 4>&{replies}'
        self.process = subprocess.Popen(
            ["bash", "-c", command, file],
            pass_fds=(requests, replies),
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": PYTHONPATH, "NANPROOF_PROTOCOL": "1", **environment},
        )
        os.close(requests)
        os.close(replies)
        self._replies = open(self._read, encoding="utf-8")  # noqa: SIM115
        self._id = 0
        self.greeting = self._receive()

    def _receive(self) -> dict[str, Any]:
        line = self._replies.readline()
        if not line:
            raise EOFError
        return revive(json.loads(line))

    def ask(self, kind: str, **request: Any) -> dict[str, Any]:
        self._id += 1
        self.send(json.dumps({"id": self._id, "type": kind, **request}))
        reply = self._receive()
        assert reply.pop("id") == self._id
        return reply

    def must(self, kind: str, **request: Any) -> dict[str, Any]:
        reply = self.ask(kind, **request)
        assert reply.get("ok"), reply
        return reply

    def send(self, line: str) -> None:
        os.write(self._write, (line + "\n").encode())

    def receive(self) -> dict[str, Any]:
        return self._receive()

    def end(self) -> int:
        if self._write >= 0:
            os.close(self._write)
            self._write = -1
        self.stderr = self.process.communicate()[1].decode()
        self._replies.close()
        return self.process.returncode

    def __enter__(self) -> Host:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


def read_trace(path: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    lines = [revive(json.loads(line)) for line in path.read_text().splitlines()]
    return lines[:-1], lines[-1]


def is_bad(value: dict[str, Any]) -> bool:
    return value["nan"] + value["inf"] > 0


def find_site(operations: list[dict[str, Any]], end: dict[str, Any]) -> tuple[dict[str, Any], bool] | None:
    """A simple rule for the site of a death (that of src/programs/testing/site.ts), for tests."""
    lasting = {end["loss"], *end["gradients"].values(), *end["weights"].values(), *end["slots"].values()}
    chain = []
    for operation in reversed(operations):
        if any(is_bad(one) and one["id"] in lasting for one in operation["outputs"]):
            chain.append(operation)
            lasting.update(one["id"] for one in operation["inputs"] if is_bad(one))
    chain = [one for one in reversed(chain) if one["inputs"]]
    for one in chain:
        nan_in, nan_out = (any(v["nan"] for v in one[side]) for side in ("inputs", "outputs"))
        if not any(map(is_bad, one["inputs"])) or (nan_out and not nan_in):
            return one, True
    return (chain[0], False) if chain else None


def die(host: Host, folder: Path, knobs: dict[str, Any] | None = None, seed: int = 1, steps: int = 20) -> dict[str, Any]:
    """Runs a program to its death, runs that step again twice, and traces it."""
    assert host.greeting["type"] == "ready", host.greeting
    try:
        opened = host.must("open", knobs=knobs or {}, seed=seed, steps=steps)
        advanced = host.must("advance", steps=steps, keep=True)
        assert "error" not in advanced, advanced["error"]["traceback"]
        digest = host.must("digest")["digest"]
        state, batch, out = (str(folder / name) for name in ("state", "batch", "trace"))
        host.must("save", which="before", state=state, batch=batch)
        again = host.must("run", state=state, batch=batch, times=2)
        traced = host.must("trace", state=state, batch=batch, out=out)
    finally:
        host.ask("close")
    operations, end = read_trace(Path(out))
    return {
        "opened": opened,
        "ended": advanced["ended"],
        "records": advanced["records"],
        "digest": digest,
        "again": again,
        "traced": traced,
        "operations": operations,
        "end": end,
        "site": find_site(operations, end),
    }
