"""What the modules of a PyTorch model put out while a step runs, by magnitude alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


@contextmanager
def module_outputs(models: dict[str, Any]) -> Iterator[dict[str, float]]:
    """The largest magnitude that each module puts out within it, by the module's name, there when it is over.

    Nothing is waited for before that, so that a GPU goes on.
    """
    found: dict[str, float] = {}
    largest: dict[str, torch.Tensor] = {}
    hooks = []

    def watch(label: str, module: torch.nn.Module) -> None:
        def seen(_: Any, __: Any, output: Any) -> None:
            for one in _tensors(output):
                now = one.detach().abs().amax().float()
                before = largest.get(label)
                largest[label] = now if before is None else torch.maximum(now, before.to(now.device))

        hooks.append(module.register_forward_hook(seen))

    for prefix, model in models.items():
        if isinstance(model, torch.nn.Module):
            for name, module in model.named_modules():
                watch(f"the output of {'.'.join(part for part in (prefix, name) if part) or type(module).__name__}", module)
    try:
        yield found
    finally:
        for hook in hooks:
            hook.remove()
        found.update(zip(largest, read_at_once(list(largest.values())), strict=True))


def read_at_once(scalars: list[torch.Tensor]) -> list[float]:
    """The numbers of float32 scalars of any devices, each of which is waited for once."""
    devices: dict[torch.device, list[int]] = {}
    for i, one in enumerate(scalars):
        devices.setdefault(one.device, []).append(i)
    numbers = [0.0] * len(scalars)
    for at in devices.values():
        for i, number in zip(at, torch.stack([scalars[i] for i in at]).tolist(), strict=True):
            numbers[i] = number
    return numbers


def _tensors(output: Any) -> Iterator[torch.Tensor]:
    if isinstance(output, torch.Tensor):
        if output.is_floating_point() and output.numel() > 0:
            yield output
    elif isinstance(output, list | tuple):
        for part in output:
            yield from _tensors(part)
    elif isinstance(output, dict):
        yield from _tensors(list(output.values()))
