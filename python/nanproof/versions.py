"""The versions that a fixture notes."""

from __future__ import annotations

import platform
import sys

PACKAGES = ("numpy", "torch", "tensorflow", "keras", "jax", "jaxlib", "flax", "optax")


def versions() -> dict[str, str]:
    """Python's version, and those of the frameworks that are loaded."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        version = getattr(sys.modules.get(name), "__version__", None)
        if isinstance(version, str):
            found[name] = version
    return found
