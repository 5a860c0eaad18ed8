"""Reads safetensors with numpy alone, and puts what it has read where it belongs: batches and random states."""

import json
import random

import numpy as np

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1"}
DTYPES |= {"U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?", "BF16": "<u2"}


class Bfloat16(np.ndarray):
    """Bits of bfloat16, which numpy has not."""


def read(path):
    """The tensors of a file by name."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    found = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        array = np.frombuffer(data[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"]).copy()
        found[name] = array.view(Bfloat16) if entry["dtype"] == "BF16" else array
    return found


def cast(array, dtype):
    """An array of a framework's dtype; of bfloat16 from its bits."""
    return np.asarray(array).view(dtype) if isinstance(array, Bfloat16) else np.asarray(array).astype(dtype, copy=False)


def batch_like(batch, found, training):
    """The batch that the program gave, with the numbers of a file. What a file cannot hold stays as it was."""

    def walk(value, path):
        if training.is_tensor(value):
            return training.tensor(found[path], value) if path in found else value
        if isinstance(value, dict):
            return {key: walk(part, f"{path}/{key}") for key, part in value.items()}
        if isinstance(value, list | tuple):
            parts = [walk(part, f"{path}/{i}") for i, part in enumerate(value)]
            if isinstance(value, list):
                return parts
            return tuple(parts) if type(value) is tuple else type(value)(*parts)
        if path not in found:
            return value
        if isinstance(value, np.ndarray):
            return found[path].astype(value.dtype)
        return found[path][()] if isinstance(value, np.generic) else type(value)(found[path])

    return tuple(walk(part, str(i)) for i, part in enumerate(batch))


def restore_randoms(state, generator):
    """Puts Python's and numpy's random states back, and that of the generator that `train` was given."""
    if "random/python" in state:
        gauss = float(state["random/python.gauss"][0])
        words = tuple(int(word) for word in state["random/python"])
        random.setstate((3, words, None if np.isnan(gauss) else gauss))
    if "random/numpy" in state:
        position, has_gauss, cached = state["random/numpy.gauss"]
        keys = state["random/numpy"].astype(np.uint32)
        np.random.set_state(("MT19937", keys, int(position), int(has_gauss), float(cached)))
    if "random/random" in state:
        high, low, high_inc, low_inc, has, integer = (int(one) for one in state["random/random"])
        inner = {"state": high << 64 | low, "inc": high_inc << 64 | low_inc}
        generator.bit_generator.state = {
            "bit_generator": "PCG64",
            "state": inner,
            "has_uint32": has,
            "uinteger": integer,
        }
