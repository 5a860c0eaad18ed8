"""A training of JAX: the leaves of its state by name, put back, and one step of it."""

import re

import jax
import jax.numpy as jnp
import numpy as np

from .tensors import Bfloat16, cast


class Training:
    """`step(state, *batch)` gives `(state, loss)`."""

    def __init__(self, step, *, state):
        self._step = step
        self.state = state
        self._roles = {}

    def _leaves(self):
        leaves, tree = jax.tree_util.tree_flatten_with_path(self.state)
        return [(self._roles.setdefault(str(path), _name(path, leaf)), leaf) for path, leaf in leaves if _is_number(leaf)], tree

    def prepare(self, batch):
        """Nothing has to be built here."""

    def restore(self, state):
        """Puts every leaf back that is a number, an array or a key."""
        self._leaves()
        paths, tree = jax.tree_util.tree_flatten_with_path(self.state)
        new = []
        for path, leaf in paths:
            new.append(_made(state[self._roles[str(path)]], leaf) if _is_number(leaf) else leaf)
        self.state = jax.tree_util.tree_unflatten(tree, new)

    def run(self, batch):
        """Runs the step, and gives the loss."""
        result = self._step(self.state, *batch)
        self.state = result[0]
        return result[1]

    def numbers(self):
        """Weights and slots, as they are after the step."""
        for kind in ("weight", "slot"):
            for name, leaf in self._leaves()[0]:
                if name.startswith(f"{kind}/"):
                    yield kind, name.partition("/")[2], np.asarray(leaf).astype(np.float64)

    def is_tensor(self, value):
        """Whether it is an array of JAX."""
        return isinstance(value, jax.Array) and not _is_key(value) and value.dtype.kind != "c"

    def tensor(self, array, like):
        """An array like another with these numbers."""
        return _made(array, like)


def _is_number(leaf):
    number = isinstance(leaf, int | float | np.ndarray | np.generic) and not isinstance(leaf, bool)
    return number or isinstance(leaf, jax.Array)


def _is_key(leaf):
    return isinstance(leaf, jax.Array) and bool(jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key))


def _part(key):
    found = [getattr(key, attribute) for attribute in ("key", "idx", "name") if hasattr(key, attribute)]
    return str(found[0] if found else key)


def _name(path, leaf):
    parts = [_part(one) for one in path]
    name = ".".join(parts).replace("/", ".") or "state"
    if _is_key(leaf):
        return f"random/{name}"
    kind = np.dtype(leaf.dtype).kind if hasattr(leaf, "dtype") else None
    floating = isinstance(leaf, float) or kind == "f" or (kind == "V" and "float" in str(leaf.dtype))
    if not floating:
        is_random = kind == "u" and "key" in name.lower() or "rng" in name.lower()
        return f"random/{name}" if is_random else f"counter/{name}"
    if np.ndim(leaf) == 0:
        return f"counter/{name}" if isinstance(leaf, float) else f"weight/{name}"
    optimizers = any(re.match(r"(?i)(opt|slot|adam|sgd|moment|velocity)", part) for part in parts[:2])
    return f"slot/{name}" if bool(path) and (getattr(path[0], "idx", 0) > 0 or optimizers) else f"weight/{name}"


def _made(array, leaf):
    number = isinstance(leaf, int | float) and not isinstance(leaf, np.generic)
    other = isinstance(leaf, jax.Array) and not _is_key(leaf) and not isinstance(array, Bfloat16) and leaf.dtype != array.dtype
    if array.ndim == 0 and (number or other):
        return array.item() if array.dtype in (np.int64, np.float64) else jnp.asarray(array.item())
    if not isinstance(leaf, jax.Array):
        return array.astype(leaf.dtype) if isinstance(leaf, np.ndarray | np.generic) else type(leaf)(array)
    if _is_key(leaf):
        return jax.random.wrap_key_data(jnp.asarray(array), impl=jax.random.key_impl(leaf))
    if leaf.weak_type and leaf.ndim == 0:
        return jnp.asarray(array.item())
    return jax.device_put(jnp.array(cast(array, leaf.dtype), leaf.dtype), leaf.sharding)
