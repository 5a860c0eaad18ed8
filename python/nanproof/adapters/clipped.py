"""Clips the gradients that optimizers of Keras and TensorFlow are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..errors import NanproofError

Clip = Callable[[list[Any]], list[Any]]


class Clipped:
    """Optimizers whose gradients are scaled down to a global norm.

    It takes effect where a step is compiled, so that it must begin before the first step.
    """

    def __init__(self, optimizers: Iterable[Any], clip: Clip) -> None:
        self._clip = clip
        self._reached = False
        given = [_innermost(one) for one in optimizers]
        if not given:
            raise NanproofError("unsupported", "gradients cannot be clipped from outside: watch was given no optimizer")
        for optimizer in given:
            if hasattr(optimizer, "apply"):
                optimizer.apply = self._apply(optimizer.apply)
            else:
                optimizer.apply_gradients = self._apply_gradients(optimizer.apply_gradients)

    def check(self) -> None:
        """Raises NanproofError (unsupported) when a step has been run whose gradients have not come here."""
        if not self._reached:
            raise NanproofError(
                "unsupported",
                "gradients cannot be clipped from outside: they do not go through apply_gradients of the optimizer",
            )

    def _clipped(self, gradients: Iterable[Any]) -> list[Any]:
        self._reached = True
        return self._clip(list(gradients))

    def _apply(self, apply: Any) -> Any:
        def clipped(grads: Any, *others: Any, **named: Any) -> Any:
            return apply(self._clipped(grads), *others, **named)

        return clipped

    def _apply_gradients(self, apply: Any) -> Any:
        def clipped(pairs: Any, *others: Any, **named: Any) -> Any:
            gradients, variables = zip(*pairs, strict=True)
            return apply(list(zip(self._clipped(gradients), variables, strict=True)), *others, **named)

        return clipped


def clip_with_keras(norm: float) -> Clip:
    """Clips as `global_clipnorm` does, on any backend of Keras."""
    from keras import ops

    def clip(gradients: list[Any]) -> list[Any]:
        squares = [ops.sum(ops.square(ops.convert_to_tensor(one))) for one in gradients if one is not None]
        if not squares:
            return gradients
        found = ops.sqrt(sum(squares[1:], squares[0]))
        # A norm that is not finite makes all NaN, as in TensorFlow.
        scale = norm * ops.minimum(1.0 / found, 1.0 / norm) + (found - found)
        return [None if one is None else one * ops.cast(scale, one.dtype) for one in gradients]

    return clip


def clip_with_tensorflow(norm: float) -> Clip:
    """Clips as `tf.clip_by_global_norm` does."""
    import tensorflow as tf

    def clip(gradients: list[Any]) -> list[Any]:
        return list(tf.clip_by_global_norm(gradients, norm)[0])

    return clip


def _innermost(optimizer: Any) -> Any:
    """The optimizer within one that scales losses."""
    inner = getattr(optimizer, "inner_optimizer", None)
    return optimizer if inner is None else _innermost(inner)
