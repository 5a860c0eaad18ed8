"""Python's and numpy's random states as tensors, and the seeding of everything that a program may draw from."""

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np

from .errors import NanproofError
from .safetensors import Tensor, tensor_of

State = dict[str, Tensor]


def seed_everything(seed: int) -> None:
    """Seeds Python's, numpy's and every loaded framework's generators."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch, tensorflow = sys.modules.get("torch"), sys.modules.get("tensorflow")
    if torch is not None:
        torch.manual_seed(seed)
    if tensorflow is not None:
        tensorflow.random.set_seed(seed % 2**31)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed % 2**32)
        random.seed(seed)


def take_randoms(generator: np.random.Generator | None) -> State:
    """Python's and numpy's random states; `random/random` is the generator that `train` was given."""
    version, words, gauss = random.getstate()
    name, keys, position, has_gauss, cached = np.random.get_state()
    state = {
        "random/python": tensor_of(np.array(words, np.int64)),
        "random/python.gauss": tensor_of(np.array([np.nan if gauss is None else gauss])),
        "random/numpy": tensor_of(np.array(keys, np.int64)),
        "random/numpy.gauss": tensor_of(np.array([position, has_gauss, cached], np.float64)),
    }
    assert version == 3 and name == "MT19937"
    if generator is not None:
        inner: Any = generator.bit_generator.state
        numbers = [inner["state"]["state"], inner["state"]["inc"]]
        words64 = [part for number in numbers for part in (number >> 64, number & (2**64 - 1))]
        state["random/random"] = tensor_of(np.array([*words64, inner["has_uint32"], inner["uinteger"]], np.uint64))
    return state


class KeptRandoms:
    """Python's and numpy's random states as they are now, made tensors only when they are asked for."""

    def __init__(self) -> None:
        self._python = random.getstate()
        self._numpy = np.random.get_state()

    def state(self) -> State:
        """The states as tensors. The generators stay as they are."""
        now = KeptRandoms()
        self._put_back()
        try:
            return take_randoms(None)
        finally:
            now._put_back()

    def _put_back(self) -> None:
        random.setstate(self._python)
        np.random.set_state(self._numpy)


def restore_randoms(state: State, generator: np.random.Generator | None) -> None:
    """Puts the random states back that are in a state.

    Raises NanproofError (restore) when one is not what a random state looks like.
    """
    try:
        if "random/python" in state:
            gauss = float(state["random/python.gauss"].array[0])
            words = tuple(int(word) for word in state["random/python"].array)
            random.setstate((3, words, None if np.isnan(gauss) else gauss))
        if "random/numpy" in state:
            position, has_gauss, cached = state["random/numpy.gauss"].array
            keys = state["random/numpy"].array.astype(np.uint32)
            np.random.set_state(("MT19937", keys, int(position), int(has_gauss), float(cached)))
        if "random/random" in state and generator is not None:
            high, low, high_inc, low_inc, has, integer = (int(one) for one in state["random/random"].array)
            generator.bit_generator.state = {
                "bit_generator": "PCG64",
                "state": {"state": high << 64 | low, "inc": high_inc << 64 | low_inc},
                "has_uint32": has,
                "uinteger": integer,
            }
    except (KeyError, ValueError, IndexError, OverflowError) as error:
        raise NanproofError("restore", f"a random state of the file is none ({error})") from error
