"""Keras 3 on TensorFlow, PyTorch or JAX: a compiled model whose step is `train_on_batch`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import keras
import numpy as np

from ..errors import NanproofError
from ..loss import loss_part
from ..safetensors import Tensor
from ..trace import Recorder
from ..training import Seen, State, Training, misfit
from .clipped import Clipped, clip_with_keras, clip_with_tensorflow
from .tensorflow_free import name_slots, name_variables, numbers_for, stored


class KerasTraining(Training):
    """A compiled model. `step(x, y)` is `train_on_batch`."""

    framework = "keras"

    def __init__(self, model: Any, **others: Any) -> None:
        if others:
            raise NanproofError("load", f"watch was given {', '.join(others)}: a keras.Model needs nothing beside it")
        if not getattr(model, "compiled", False):
            raise NanproofError(
                "load", "watch was given a model that is not compiled: call model.compile(optimizer, loss) first"
            )
        self.model = model
        self.backend = keras.backend.backend()
        self._fast: Any = None
        self._prepared = False
        self._clipped: Clipped | None = None
        self._count = 0
        self._tensors = _tensors_of(self.backend)

    def prepare(self, batch: tuple[Any, ...]) -> None:
        """Builds model and optimizer, so that there is a state before the first step."""
        model = self.model
        if self._prepared:
            return
        self._prepared = True
        if hasattr(model, "_symbolic_build"):
            try:
                model._symbolic_build(data_batch=(*batch, None, None)[:3])
            except Exception:
                # What is wrong with the batch is told by the step itself.
                return
        optimizer = model.optimizer
        if optimizer is not None and not optimizer.built and model.built:
            optimizer.build(model.trainable_variables)

    # State

    def variables(self) -> dict[str, Any]:
        """Every variable by the name that the state has for it."""
        model = self.model
        named = name_variables((None, one) for one in _unique(model.trainable_variables + model.non_trainable_variables))
        weights = {name.partition("/")[2]: one for name, one in named.items() if name.startswith("weight/")}
        if model.optimizer is not None:
            named.update(name_slots(model.optimizer, weights))
        for one in getattr(model, "metrics_variables", []):
            named.setdefault(f"buffer/metrics/{one.path}", one)
        return named

    def take_parts(self) -> State:
        state = {name: stored(np.array(keras.ops.convert_to_numpy(one))) for name, one in self.variables().items()}
        if self.backend == "torch":
            import torch

            # Dropout draws from PyTorch's own generator.
            state["random/torch"] = stored(torch.get_rng_state().numpy().copy())
        return state

    def restore_parts(self, state: State) -> None:
        own = self.take_parts()
        misfit(state, own, optional=("buffer/metrics/", "counter/", "slot/"))
        for name in state:
            if name.startswith("slot/") and name not in own:
                raise NanproofError("restore", f"the state has {name}, and this program's optimizer has not")
        for name, one in self.variables().items():
            if name in state:
                one.assign(numbers_for(state[name], np.array(keras.ops.convert_to_numpy(one)).dtype))
            elif name.startswith(("slot/", "counter/")):
                one.assign(np.zeros(one.shape))
        if self.backend == "torch" and "random/torch" in state:
            import torch

            torch.set_rng_state(torch.from_numpy(np.array(state["random/torch"].array)))

    # The step

    def run(self, batch: tuple[Any, ...], seen: Seen) -> Any:
        result = self.model.train_on_batch(*batch)
        if self._clipped is not None:
            self._clipped.check()
        return result

    def clip(self, norm: float) -> None:
        optimizer = self.model.optimizer
        clip = clip_with_tensorflow(norm) if self.backend == "tensorflow" else clip_with_keras(norm)
        self._clipped = Clipped([] if optimizer is None else [optimizer], clip)

    def run_traced(self, batch: tuple[Any, ...], seen: Seen, recorder: Recorder) -> Any:
        if self.backend == "tensorflow":
            from .tensorflow import traced

            given = tuple(_to_tensors(part) for part in batch)
            return traced(self, given, recorder, self.variables(), lambda one: self.run(one, seen))
        if self.backend == "torch":
            return self._traced_torch(batch, seen, recorder)
        return self._traced_jax(batch, recorder)

    def probe(self) -> str | None:
        if self.backend == "tensorflow":
            from .tensorflow_trace import PROBLEM

            return PROBLEM
        return None

    def _traced_torch(self, batch: tuple[Any, ...], seen: Seen, recorder: Recorder) -> Any:
        from .torch_trace import traced_variables

        model = self.model
        data = tuple(_to_tensors(part) for part in batch)
        with ExitStack() as stack:
            update = type(model.optimizer)._backend_update_step
            names = {id(one): name for name, one in self.variables().items()}
            given: dict[str, Any] = {}

            def noted(optimizer: Any, grads: Any, variables: Any, rate: Any) -> Any:
                for gradient, variable in zip(grads, variables, strict=True):
                    given[names.get(id(variable), variable.path)] = gradient
                return update(optimizer, grads, variables, rate)

            stack.callback(setattr, type(model.optimizer), "_backend_update_step", update)
            type(model.optimizer)._backend_update_step = noted
            live = {name: one.value for name, one in self.variables().items()}
            return traced_variables(self, data, live, given, lambda: self.run(data, seen), recorder, self._loss_tensor)

    def _loss_tensor(self, result: Any) -> Any:
        return loss_part(result)

    def _traced_jax(self, batch: tuple[Any, ...], recorder: Recorder) -> Any:
        from .jax import trace_function

        model = self.model
        model.reset_metrics()
        x, y, weight = (*batch, None, None)[:3]
        groups = (
            model.trainable_variables,
            model.non_trainable_variables,
            model.optimizer.variables,
            model.metrics_variables,
        )
        state = tuple([one.value for one in group] for group in groups)
        names = {id(one): name for name, one in self.variables().items()}
        labels = [names.get(id(one)) for group in groups for one in group]
        data = tuple(_to_tensors(part) for part in (x, y, weight))
        with _layers_in_scopes():
            logs, new = trace_function(recorder, model.train_step, state, data, labels)
        for group, values in zip(groups, new, strict=True):
            for one, number in zip(group, values, strict=True):
                one.assign(number)
        loss = logs["loss"] if isinstance(logs, dict) else logs
        return float(np.asarray(loss))

    # Tensors of batches

    def is_tensor(self, value: Any) -> bool:
        return bool(self._tensors.is_tensor(value))

    def stored(self, value: Any) -> Tensor:
        return stored(np.array(keras.ops.convert_to_numpy(value)))

    def made(self, tensor: Tensor, like: Any) -> Any:
        return keras.ops.convert_to_tensor(numbers_for(tensor, np.array(keras.ops.convert_to_numpy(like)).dtype))

    def held(self, value: Any) -> Any:
        return keras.ops.copy(value)

    # In a person's own script

    def keep(self) -> None:
        if self.backend != "tensorflow":
            self._kept = self.take()
            return
        from .tensorflow import _Fast

        count = len(self.model.variables) + len(self.model.metrics_variables)
        if self._fast is None or count != self._count:
            self._fast, self._count = _Fast(self.variables()), count
        self._fast.keep()

    def kept(self) -> State:
        return self._kept if self._fast is None else self._fast.state()

    def run_watched(self, batch: tuple[Any, ...]) -> tuple[Any, bool]:
        if self._fast is None:
            return super().run_watched(batch)
        result = self.run(batch, Seen())
        return result, self._fast.finite(self.loss(result))


class FitTraining(KerasTraining):
    """A model inside `fit`: its step is the model's own train function on one batch."""

    def __init__(self, model: Any, function: Any) -> None:
        super().__init__(model)
        self._function = function

    def run(self, batch: tuple[Any, ...], seen: Seen) -> Any:
        def one() -> Iterator[Any]:
            yield batch

        return self._function([batch] if self.backend == "torch" else one())

    def loss(self, result: Any) -> float:
        return super().loss(result["loss"] if isinstance(result, dict) else result)


class _Tensors:
    def __init__(self, kind: Any) -> None:
        self._kind = kind

    def is_tensor(self, value: Any) -> bool:
        """Whether a value is a tensor of the backend, or one that `fit` draws."""
        return isinstance(value, self._kind) and "string" not in str(value.dtype)


def _tensors_of(backend: str) -> Any:
    if backend == "tensorflow":
        from .tensorflow import TensorFlowTensors

        return TensorFlowTensors()
    if backend == "torch":
        import torch

        return _Tensors(torch.Tensor)
    import jax

    return _Tensors(jax.Array)


@contextmanager
def _layers_in_scopes() -> Iterator[None]:
    """Has each layer's name in the scopes of what it computes on JAX, where this Keras does not put it there itself."""
    import jax

    def probe(x: Any) -> Any:
        with keras.name_scope("probe"):
            return x + 1

    call = keras.layers.Layer.__call__

    def named(layer: Any, *arguments: Any, **given: Any) -> Any:
        with jax.named_scope(layer.name):
            return call(layer, *arguments, **given)

    if "probe" not in str(jax.make_jaxpr(probe)(1.0).eqns[0].source_info.name_stack):
        keras.layers.Layer.__call__ = named
    try:
        yield
    finally:
        keras.layers.Layer.__call__ = call


def _unique(variables: list[Any]) -> list[Any]:
    return list({id(one): one for one in variables}.values())


def _to_tensors(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _to_tensors(one) for key, one in part.items()}
    if isinstance(part, list | tuple):
        return type(part)(_to_tensors(one) for one in part)
    if isinstance(part, np.ndarray):
        part = part.astype(keras.backend.floatx()) if part.dtype.kind == "f" else part
        return keras.ops.convert_to_tensor(part)
    return part
