"""A session of TensorFlow 1: its variables by name, put back, and one run of it."""

import re

import numpy as np
import tensorflow.compat.v1 as tf1

from .tensors import cast

PASSED = ("Enter", "RefEnter", "Identity", "RefIdentity", "Switch", "RefSwitch")


class Training:
    """A session, and what it runs in a step."""

    def __init__(self, session, *, train_op, loss, feeds=()):
        self._session, self._train_op, self._loss, self._feeds = session, train_op, loss, list(feeds)
        with session.graph.as_default():
            trained = {id(one) for one in tf1.trainable_variables()}
            self._variables = _named(tf1.global_variables(), trained)
        self._gradients = {}
        self._seen = {}
        by_operation = {one.op.name: name for name, one in self._variables.items()}
        for operation in session.graph.get_operations():
            if re.match(r"^(Resource)?(Sparse)?Apply", operation.type):
                name = by_operation.get(_variable_of(operation.inputs[0]))
                inputs = [one for one in operation.inputs if one.dtype.base_dtype.is_floating]
                # The momentum comes after the gradient.
                last = inputs[-2] if operation.type.endswith("ApplyMomentum") else inputs[-1]
                if name is not None and session.graph.is_fetchable(last):
                    self._gradients[name] = last

    def prepare(self, batch):
        """Nothing has to be built here."""

    def restore(self, state):
        """Puts all variables back: weights, the optimizer's slots, counters."""
        feeds = {
            one.initializer.inputs[1]: cast(state[name], one.dtype.base_dtype.as_numpy_dtype)
            for name, one in self._variables.items()
        }
        self._session.run([one.initializer for one in self._variables.values()], feeds)

    def run(self, batch):
        """Runs the session once, and gives the loss."""
        whole = len(batch) == 1 and len(self._feeds) != 1 and isinstance(batch[0], dict)
        fed = batch[0] if whole else dict(zip(self._feeds, batch, strict=True))
        loss, self._seen, _ = self._session.run([self._loss, self._gradients, self._train_op], fed)
        return loss

    def numbers(self):
        """Gradients as the optimizer was given them, weights and slots, as they are after the step."""
        for name, found in self._seen.items():
            yield "gradient", name.partition("/")[2], np.asarray(getattr(found, "values", found), np.float64)
        after = self._session.run(self._variables)
        for kind in ("weight", "slot"):
            for name, found in after.items():
                if name.startswith(f"{kind}/"):
                    yield kind, name.partition("/")[2], np.asarray(found, np.float64)

    def is_tensor(self, value):
        """A session is fed with arrays alone."""
        return False


def _named(listed, trained):
    weights = {one.op.name for one in listed if id(one) in trained}
    named = {}
    for one in listed:
        name = one.op.name
        slot = re.match(r"^(.+)/[A-Za-z]+(_\d+)?$", name)
        if id(one) in trained:
            role = "weight"
        elif len(one.shape) == 0:
            role = "counter"
        else:
            role = "slot" if slot is not None and slot[1] in weights else "buffer"
        named[f"{role}/{name}"] = one
    return named


def _variable_of(tensor):
    operation = tensor.op
    while operation.type in PASSED and operation.inputs:
        operation = operation.inputs[0].op
    return operation.name
