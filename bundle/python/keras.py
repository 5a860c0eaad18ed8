"""A compiled model of Keras: its state by name, put back, and one `train_on_batch`."""

import keras
import numpy as np

from .tensors import cast
from .variables import named_variables, numbers_of, put_back


class Training:
    """A compiled model."""

    def __init__(self, model):
        self._model = model
        self._backend = keras.backend.backend()

    def prepare(self, batch):
        """Builds model and optimizer, so that there is a state to put back."""
        if hasattr(self._model, "_symbolic_build"):
            self._model._symbolic_build(data_batch=(*batch, None, None)[:3])
        optimizer = self._model.optimizer
        if optimizer is not None and not optimizer.built and self._model.built:
            optimizer.build(self._model.trainable_variables)

    def _variables(self):
        model = self._model
        listed = {id(one): one for one in model.trainable_variables + model.non_trainable_variables}.values()
        named = named_variables([(None, one) for one in listed], [model.optimizer] if model.optimizer else [])
        for one in getattr(model, "metrics_variables", []):
            named.setdefault(f"buffer/metrics/{one.path}", one)
        return named

    def restore(self, state):
        """Puts all variables back: weights, the optimizer's, layers' seeds, metrics."""
        put_back(state, self._variables(), lambda one: np.array(keras.ops.convert_to_numpy(one)).dtype)
        if self._backend == "torch" and "random/torch" in state:
            import torch

            torch.set_rng_state(torch.from_numpy(state["random/torch"]))

    def run(self, batch):
        """Runs the step, and gives what that gave."""
        return self._model.train_on_batch(*batch)

    def numbers(self):
        """Weights and slots, as they are after the step."""
        return numbers_of(self._variables(), keras.ops.convert_to_numpy)

    def is_tensor(self, value):
        """Whether it is a tensor that a file can hold."""
        return keras.ops.is_tensor(value) and "string" not in str(value.dtype)

    def tensor(self, array, like):
        """A tensor like another with these numbers."""
        return keras.ops.convert_to_tensor(cast(array, np.array(keras.ops.convert_to_numpy(like)).dtype))


class FitTraining(Training):
    """A model inside `fit`: its step is the model's train function on one batch."""

    def __init__(self, model, function):
        super().__init__(model)
        self._function = function

    def run(self, batch):
        """Runs the step, and gives what that gave."""
        return self._function([batch] if self._backend == "torch" else iter([batch]))


class Watch(keras.callbacks.Callback):
    """Hands the first step of `fit` to the runner."""

    def __init__(self, on_death="raise", findings="nanproof-findings", invariants=None):
        super().__init__()

    def on_train_begin(self, logs=None):
        """Wraps the model's train function."""
        from . import Step

        self.model.make_train_function()
        step = Step(FitTraining(self.model, self.model.train_function))

        def watched(data):
            batch = data[0] if isinstance(data, list | tuple) else next(data)
            return step(*(batch if isinstance(batch, tuple | list) else (batch,)))

        self.model.train_function = watched
