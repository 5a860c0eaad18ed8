"""A strict reader and a writer of safetensors: the header is checked before anything is allocated, and nothing is run."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import NanproofError

Array = np.ndarray[Any, np.dtype[Any]]

# bfloat16, which numpy has not, is kept as the bits of its numbers.
DTYPES: dict[str, Any] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype("<u2"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
    "U64": np.dtype("<u8"),
    "U32": np.dtype("<u4"),
    "U16": np.dtype("<u2"),
    "U8": np.dtype("u1"),
    "BOOL": np.dtype("?"),
}
NAMES = {dtype: name for name, dtype in DTYPES.items() if name != "BF16"}
HEADER_LIMIT = 100_000_000


@dataclass(frozen=True)
class Tensor:
    """A tensor as a file holds it: the file's name of its dtype, and its numbers (of BF16 their bits)."""

    dtype: str
    array: Array

    def numbers(self) -> Array:
        """The numbers, of bfloat16 as float32."""
        if self.dtype == "BF16":
            return (self.array.astype(np.uint32) << 16).view(np.float32)
        return self.array

    @property
    def is_float(self) -> bool:
        """Whether it can hold a number that is not finite."""
        return self.dtype in ("F64", "F32", "F16", "BF16")


def tensor_of(value: Any) -> Tensor:
    """A numpy array as a tensor. Its numbers are not copied.

    Raises NanproofError (batch) when safetensors has no such kind of number.
    """
    array = np.asarray(value)
    dtype = array.dtype.newbyteorder("<") if array.dtype.byteorder == ">" else array.dtype
    name = NAMES.get(np.dtype(dtype))
    if name is None:
        raise NanproofError("batch", f"an array of {array.dtype} is nothing that a file of tensors can hold")
    return Tensor(name, array)


def write(path: str | os.PathLike[str], tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None) -> None:
    """Writes tensors by name, in the order of their names."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    at = 0
    for name in sorted(tensors):
        tensor = tensors[name]
        end = at + tensor.array.size * DTYPES[tensor.dtype].itemsize
        header[name] = {"dtype": tensor.dtype, "shape": list(tensor.array.shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name in sorted(tensors):
            tensor = tensors[name]
            file.write(np.ascontiguousarray(tensor.array, dtype=DTYPES[tensor.dtype]).tobytes())


def read(path: str | os.PathLike[str]) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Reads tensors by name, and the metadata.

    Raises NanproofError (restore) when the file is no safetensors file in every respect.
    """
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(8)
        if len(head) < 8:
            raise _refused(path, "it is shorter than 8 bytes")
        length = int.from_bytes(head, "little")
        if length > HEADER_LIMIT or length > size - 8:
            raise _refused(path, f"it says that its header has {length} bytes")
        entries, metadata = _header(path, file.read(length), size - 8 - length)
        tensors = {}
        for name, dtype, shape, begin, end in entries:
            file.seek(8 + length + begin)
            data = bytearray(file.read(end - begin))
            if dtype == "BOOL" and any(byte > 1 for byte in set(data)):
                raise _refused(path, f"{name} has a truth value that is neither 0 nor 1")
            tensors[name] = Tensor(dtype, np.frombuffer(data, DTYPES[dtype]).reshape(shape))
    return tensors, metadata


Entry = tuple[str, str, list[int], int, int]


def _header(path: Any, text: bytes, size: int) -> tuple[list[Entry], dict[str, str]]:
    try:
        header = json.loads(text.decode(), object_pairs_hook=_without_doubles) if text[:1] == b"{" else None
    except (ValueError, RecursionError) as error:
        raise _refused(path, f"its header is no JSON ({error})") from None
    if not isinstance(header, dict):
        raise _refused(path, "its header is no JSON object")
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise _refused(path, "its metadata is no record of strings")
    entries = sorted((_entry(path, name, entry) for name, entry in header.items()), key=lambda entry: entry[3:])
    at = 0
    for name, _, _, begin, end in entries:
        if begin != at:
            raise _refused(path, f"{name} begins at {begin}, and what is before it ends at {at}")
        at = end
    if at != size:
        raise _refused(path, f"its tensors take {at} bytes, and it has {size}")
    return entries, metadata


def _entry(path: Any, name: str, entry: Any) -> Entry:
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise _refused(path, f"{name} has not a dtype, a shape and data_offsets")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise _refused(path, f"{name} has dtype {str(dtype)[:20]}")
    if not _are_sizes(shape) or not _are_sizes(offsets) or len(offsets) != 2:
        raise _refused(path, f"{name} has a shape or offsets that are no whole numbers from 0 on")
    begin, end = offsets
    if end - begin != math.prod(shape) * DTYPES[dtype].itemsize:
        raise _refused(path, f"{name} has {end - begin} bytes, which shape {shape} of {dtype} has not")
    return name, dtype, shape, begin, end


def _are_sizes(value: Any) -> bool:
    whole = isinstance(value, list) and all(type(one) is int and 0 <= one < 2**53 for one in value)
    return whole and len(value) <= 64


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def _refused(path: Any, why: str) -> NanproofError:
    return NanproofError("restore", f"{os.fspath(path)} is no safetensors file: {why}")
