"""Loads a person's file: a program that can be trained again and again, or a script that runs once."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import re
import sys
from dataclasses import dataclass
from typing import Any

from ..errors import NanproofError
from ..invariants import Invariant
from ..programs import Program
from ..versions import versions

# The most steps of a script: it ends by itself.
SCRIPT_STEPS = 1_000_000


@dataclass(frozen=True)
class Loaded:
    """A person's file, and the message that says what is in it. `program` is None of a script."""

    file: str
    program: Program | None
    greeting: dict[str, Any]

    @property
    def invariants(self) -> list[Invariant]:
        """The program's own invariants."""
        return [] if self.program is None else self.program.invariants


def load(file: str) -> Loaded:
    """Loads a file. A script is not run yet.

    Raises NanproofError (load) when it exports no program and calls no watch, and whatever importing it raises.
    """
    try:
        with open(file, "rb") as opened:
            source = opened.read()
    except OSError as error:
        raise NanproofError("load", f"{file} cannot be read: {error.strerror}") from error
    sys.path.insert(0, os.path.dirname(file))
    # compile, as it tells the coding that the file says it has; parsing is what finds a program without running a script.
    tree = compile(source, file, "exec", ast.PyCF_ONLY_AST)
    program = _program(file) if makes_program(tree) else None
    if program is None and re.search(rb"\bwatch\b|nanproof\.keras\.Watch", source) is None:
        raise NanproofError(
            "load",
            f"{file} exports no program and calls no watch. Mark the training with @nanproof.program(knobs={{...}}), "
            "or call nanproof.watch(...) in it",
        )
    knobs = {} if program is None else {name: knob.record for name, knob in program.knobs.items()}
    greeting = {
        "type": "ready",
        "protocol": 1,
        "host": "python",
        "versions": versions(),
        "file": {"name": os.path.basename(file), "sha256": hashlib.sha256(source).hexdigest()},
        "form": "script" if program is None else "program",
        "knobs": knobs,
        "steps": SCRIPT_STEPS if program is None else program.steps,
        "invariants": [{"name": one.name} for one in ([] if program is None else program.invariants)],
    }
    return Loaded(file, program, greeting)


def makes_program(tree: ast.AST) -> bool:
    """Whether a file calls nanproof's `program`, by any name that it imports it by."""
    names, modules = set(), {"nanproof"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "nanproof":
            names |= {one.asname or one.name for one in node.names if one.name == "program"}
        elif isinstance(node, ast.Import):
            modules |= {one.asname for one in node.names if one.name == "nanproof" and one.asname}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            return True
        inner = node.value if isinstance(node, ast.Attribute) and node.attr == "program" else None
        if isinstance(inner, ast.Name) and inner.id in modules:
            return True
    return False


def _program(file: str) -> Program:
    name = "nanproof_program"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise NanproofError("load", f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    found = {id(one): one for one in vars(module).values() if isinstance(one, Program)}
    own = [one for one in found.values() if getattr(one.train, "__module__", None) == name]
    programs = own or list(found.values())
    if len(programs) == 1:
        return programs[0]
    if programs:
        raise NanproofError("load", f"{file} exports {len(programs)} programs: keep one in a file")
    raise NanproofError("load", f"{file} exports no program: keep what @nanproof.program gives under a name of the module")
