"""Says which frameworks are here, and whether their adapters work with them: python -m nanproof.doctor."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import platform
import sys
from typing import Any

#: Of each adapter: the package that it is for, and the modules that it needs.
ADAPTERS: dict[str, tuple[str, str]] = {
    "PyTorch": ("torch", "torch"),
    "Keras": ("keras", "keras"),
    "TensorFlow 2": ("tensorflow", "tensorflow"),
    "TensorFlow 1": ("tensorflow", "tensorflow1"),
    "JAX": ("jax", "jax"),
}


def report() -> dict[str, Any]:
    """Looks at every adapter: `works`, `broken` with why, or `missing`."""
    return {
        "python": platform.python_version(),
        "numpy": _version("numpy"),
        "adapters": [_look(name, package, module) for name, (package, module) in ADAPTERS.items()],
    }


def _look(name: str, package: str, module: str) -> dict[str, str | None]:
    version = _version(package)
    found: dict[str, str | None] = {"adapter": name, "package": package, "version": version, "reason": None}
    if version is None:
        return {**found, "status": "missing"}
    try:
        importlib.import_module(package)
        importlib.import_module(f"nanproof.adapters.{module}")
    except Exception as error:
        return {**found, "status": "broken", "reason": f"{type(error).__name__}: {error}"}
    return {**found, "status": "works"}


def _version(package: str) -> str | None:
    for name in (package, f"{package}-cpu"):
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


if __name__ == "__main__":
    json.dump(report(), sys.stdout)
    sys.stdout.write("\n")
