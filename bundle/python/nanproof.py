"""Stands in for nanproof, which is not needed here: the program's first step is handed to `reproduce.py`.

Knobs have the values of the death, and `watch` gives a step that never returns.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import os
import random
import runpy
import sys

sys.excepthook = lambda *error: (sys.__excepthook__(*error), sys.exit(125))
if "PYTHONHASHSEED" not in os.environ:
    os.environ["PYTHONHASHSEED"] = "0"
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
with open(os.path.join(HERE, "case.json"), encoding="utf-8") as case_file:
    CASE = json.load(case_file)

# As many threads as the death had, and no kernel that is not the same at every run: before numpy and the frameworks are loaded.
THREADS = str(CASE["threads"])
for _name in ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "VECLIB_MAXIMUM"):
    os.environ[f"{_name}_NUM_THREADS"] = THREADS
os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = THREADS
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
if THREADS == "1":
    _flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {_flags}".strip()

import numpy as np


class NanproofError(Exception):
    """For programs that import it."""


class TrainingDied(NanproofError):
    """For programs that import it."""


class CaseEnded(BaseException):
    """For programs that import it."""


class Step:
    """A watched step: what it is called with goes to the runner."""

    hand_over = None

    def __init__(self, training):
        self.training = training

    def __call__(self, *batch):
        return Step.hand_over(self.training, batch)

    @property
    def state(self):
        """Of a JAX training: its state."""
        return getattr(self.training, "state", None)


def watch(step, *, on_death="raise", findings="nanproof-findings", invariants=None, **parts):
    """Wraps a step, of the framework that its arguments tell, as nanproof does."""
    keras = sys.modules.get("keras")
    if keras is not None and isinstance(step, keras.Model):
        form = "keras"
    elif "train_op" in parts:
        form = "tensorflow1"
    elif "state" in parts and "jax" in sys.modules:
        form = "jax"
    else:
        form = "tensorflow" if "variables" in parts else "torch"
    return Step(importlib.import_module(f".{form}", __name__).Training(step, **parts))


def __getattr__(name):
    if name == "keras":
        return importlib.import_module(".keras", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def gauge(name, value):
    """Takes a number that a step reports, and leaves it."""


def program(knobs=None, steps=200, invariants=None):
    """Marks a training, which is called with the knobs of the death."""

    def mark(train):
        train.__nanproof__ = dict(knobs or {})
        return train

    return mark


def _whole(value):
    return int(value)


def _lengths(value):
    return [int(one) for one in value]


def _knob(convert, default):
    return lambda given: convert(default if given is None else given)


def integer(least, most, *, default=None):
    """A knob that is a whole number."""
    return _knob(_whole, least if default is None else default)


def uniform(least, most, *, default=None):
    """A knob that is a number."""
    return _knob(float, least / 2 + most / 2 if default is None else default)


def log_uniform(least, most, *, default=None):
    """A knob that is a number above 0."""
    return _knob(float, min(most, max(least, least**0.5 * most**0.5)) if default is None else default)


def choice(choices, *, default=None):
    """A knob that is one of several."""

    def same(value):
        return next(one for one in choices if one == value and isinstance(one, bool) == isinstance(value, bool))

    return _knob(same, choices[0] if default is None else default)


def lengths(*, rows, time, default=None):
    """A knob that is the length of each row."""
    return _knob(_lengths, [time[1]] * rows[1] if default is None else default)


def loss_of(result):
    """The loss in what a step gave: itself, the first of a list, or `loss` of a dict."""
    if isinstance(result, dict):
        return loss_of(result["loss"])
    if isinstance(result, list | tuple):
        return loss_of(result[0])
    if hasattr(result, "detach"):
        result = result.detach().cpu().double().numpy()
    return np.asarray(result, np.float64).reshape(())


def start(hand_over):
    """Runs the bundle's program up to its first step, with the knobs and the seed of its death, as nanproof does."""
    Step.hand_over = staticmethod(hand_over)
    try:
        _run(os.path.join(HERE, "program", *CASE["program"]), CASE)
    except SystemExit as ended:
        raise NanproofError(f"the program ended by itself, with status {ended.code}, before any step") from ended
    raise NanproofError("the program ended before any step")


def _run(file, case):
    sys.path.insert(0, os.path.dirname(file))
    seed, trains = case["seed"], []
    if case["knobs"] is not None:
        spec = importlib.util.spec_from_file_location("nanproof_program", file)
        module = importlib.util.module_from_spec(spec)
        sys.modules["nanproof_program"] = module
        spec.loader.exec_module(module)
        found = {id(one): one for one in vars(module).values() if hasattr(one, "__nanproof__")}.values()
        trains = [one for one in found if one.__module__ == "nanproof_program"] or list(found)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.clear_session()
    if "tensorflow" in sys.modules:
        sys.modules["tensorflow"].compat.v1.reset_default_graph()
    _seed(seed)
    if case["knobs"] is None:
        sys.argv = [file]
        runpy.run_path(file, run_name="__main__")
    else:
        (train,) = trains
        knobs = {name: knob(case["knobs"].get(name)) for name, knob in train.__nanproof__.items()}
        given = {"knobs": knobs, "seed": seed, "watch": watch, "steps": case["steps"], "random": GENERATOR}
        taken = inspect.signature(train).parameters
        takes_all = any(one.kind is one.VAR_KEYWORD for one in taken.values())
        train(**{name: value for name, value in given.items() if takes_all or name in taken})


GENERATOR = np.random.Generator(np.random.PCG64(1))


def _seed(seed):
    GENERATOR.bit_generator.state = np.random.PCG64(seed).state
    random.seed(seed)
    np.random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)
    if "tensorflow" in sys.modules:
        sys.modules["tensorflow"].random.set_seed(seed % 2**31)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed % 2**32)
        random.seed(seed)
