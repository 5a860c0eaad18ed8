"""Variables as Keras and TensorFlow 2 have them, by the names that a state has for them."""

import re

import numpy as np

from .tensors import cast


def named_variables(given, optimizers):
    """Every variable of a training by role and name; `given` is a list of names, or None, and variables."""
    named = {}

    def add(role, plain, one):
        name, again = f"{role}/{plain}", 1
        while name in named:
            name, again = f"{role}/{plain}_{again}", again + 1
        named[name] = one

    for name, one in given:
        plain = name or _path(one)
        role = "weight" if getattr(one, "trainable", True) else "buffer"
        add("random" if "seed_generator_state" in plain else role, plain, one)
    weights = [name.partition("/")[2] for name in named if name.startswith("weight/")]
    for optimizer in optimizers:
        for one in list(optimizer.variables() if callable(optimizer.variables) else optimizer.variables):
            path = _path(one)
            last, tail = path.rpartition("/")[2], path.partition("/")[2] or path
            if last == "learning_rate":
                continue
            owners = [w for w in weights if tail.startswith((w.replace("/", "_") + "_", w + "/", w + "_"))]
            owner = max(owners, key=len, default=None)
            if len(one.shape) == 0 or last in ("iteration", "iterations", "iter"):
                add("counter", path, one)
            else:
                add("slot", path if owner is None else f"{owner}/{tail[len(owner) + 1 :]}", one)
    return named


def _path(one):
    return re.sub(r":\d+$", "", str(getattr(one, "path", None) or one.name))


def put_back(state, variables, dtype_of):
    """Puts a state's numbers into variables. Slots and counters that it has not begin at 0."""
    for name in state:
        if name not in variables and not name.startswith(("random/", "counter/", "buffer/metrics/")):
            raise KeyError(f"the program has no {name}")
    for name, one in variables.items():
        if name in state:
            one.assign(cast(state[name], dtype_of(one)))
        elif name.startswith(("slot/", "counter/")):
            one.assign(np.zeros(one.shape, dtype_of(one)))
        elif name.startswith(("weight/", "buffer/")) and not name.startswith("buffer/metrics/"):
            raise KeyError(f"the state has no {name}")


def numbers_of(variables, array_of):
    """Weights and slots after a step."""
    for kind in ("weight", "slot"):
        for name, one in variables.items():
            if name.startswith(f"{kind}/"):
                yield kind, name.partition("/")[2], np.asarray(array_of(one), np.float64)
