"""A training of TensorFlow 2: its variables by name, put back, and one step of it."""

import numpy as np
import tensorflow as tf

from .tensors import cast
from .variables import named_variables, numbers_of, put_back


class Training:
    """Variables and optimizers."""

    def __init__(self, step, *, variables, optimizer=None):
        self._step = step
        self._given = variables
        self._optimizers = optimizer if isinstance(optimizer, list | tuple) else [] if optimizer is None else [optimizer]

    def _variables(self):
        return named_variables(_expanded(self._given), self._optimizers)

    def prepare(self, batch):
        """Nothing has to be built here."""

    def restore(self, state):
        """Puts all variables back: weights, the optimizers', and what else was named."""
        weights = [one for name, one in self._variables().items() if name.startswith("weight/")]
        for optimizer in self._optimizers:
            if hasattr(optimizer, "build") and not getattr(optimizer, "built", True):
                optimizer.build(weights)
        put_back(state, self._variables(), lambda one: np.dtype(tf.as_dtype(one.dtype).as_numpy_dtype))

    def run(self, batch):
        """Runs the step, and gives what that gave."""
        return self._step(*batch)

    def numbers(self):
        """Weights and slots, as they are after the step."""
        return numbers_of(self._variables(), np.array)

    def is_tensor(self, value):
        """Whether it is an eager tensor that a file can hold."""
        return tf.is_tensor(value) and hasattr(value, "numpy") and value.dtype not in (tf.string, tf.resource, tf.variant)

    def tensor(self, array, like):
        """A tensor like another with these numbers."""
        return tf.constant(cast(array, like.dtype.as_numpy_dtype), like.dtype)


def _expanded(given):
    if isinstance(given, dict):
        return [(str(name), one) for name, one in given.items()]
    if hasattr(given, "variables") and not callable(given.variables):
        return [(None, one) for one in given.variables]
    found = []
    for one in given if hasattr(given, "__iter__") else [given]:
        found += _expanded(one) if hasattr(one, "variables") and not hasattr(one, "assign") else [(None, one)]
    return found
