"""A training of PyTorch: its state by name, put back, and one step of it."""

import os

import numpy as np
import torch

from .tensors import Bfloat16

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))


class Training:
    """Models, optimizers, a scaler, and whatever else has a `state_dict`."""

    def __init__(self, step, *, model=None, optimizer=None, scaler=None, **others):
        self._step = step
        models = _named(model) | {name: one for name, one in others.items() if isinstance(one, torch.nn.Module)}
        self._others = {name: one for name, one in others.items() if not isinstance(one, torch.nn.Module)}
        self._optimizers = _named(optimizer)
        self._scaler = scaler
        self._models = models
        self._weights = {}
        for prefix, one in models.items():
            named = {"": one} if isinstance(one, torch.Tensor) else dict(one.named_parameters())
            self._weights |= {_join(prefix, name) if name else prefix: part for name, part in named.items()}
        known = {id(one) for one in self._weights.values()}
        for at, one in self._optimizers.items():
            for g, group in enumerate(one.param_groups):
                for i, parameter in enumerate(group["params"]):
                    if id(parameter) not in known:
                        known.add(id(parameter))
                        self._weights[_join(at, f"group{g}.{i}")] = parameter
            if hasattr(one, "register_step_pre_hook"):
                one.register_step_pre_hook(self._before_optimizer)
        self._names = {id(one): name for name, one in self._weights.items()}
        self._gradients = None

    def prepare(self, batch):
        """Nothing has to be built here."""

    def restore(self, state):
        """Puts weights, buffers, slots, counters and random states back."""
        live = {f"weight/{name}": one for name, one in self._weights.items()}
        for prefix, model in self._models.items():
            if isinstance(model, torch.nn.Module):
                live |= {f"buffer/{_join(prefix, name)}": one for name, one in model.named_buffers()}
        with torch.no_grad():
            for name, one in live.items():
                one.copy_(_made(state[name]).reshape(one.shape))
                one.grad = None
        for at, optimizer in self._optimizers.items():
            for group in optimizer.param_groups:
                for parameter in group["params"]:
                    owner = _join(at, self._names[id(parameter)])
                    optimizer.state[parameter].clear()
                    optimizer.state[parameter].update(_slots(state, owner, parameter, group))
        self._restore_counters(state)
        for name, words in state.items():
            if name == "random/torch":
                torch.set_rng_state(_made(words))
            elif name.startswith("random/cuda.") and torch.cuda.is_available():
                torch.cuda.set_rng_state(_made(words), int(name.rpartition(".")[2]))

    def _restore_counters(self, state):
        if self._scaler is not None and "counter/scaler.scale" in state:
            found = self._scaler.state_dict()
            found["scale"] = float(state["counter/scaler.scale"])
            found["_growth_tracker"] = int(state["counter/scaler.growth"])
            self._scaler.load_state_dict(found)
        for name, one in self._others.items():
            begin = f"counter/{name}"
            paths = {key.removeprefix(begin): value for key, value in state.items() if key.startswith(f"{begin}.")}
            if paths:
                one.load_state_dict(_with_leaves(one.state_dict(), "", paths))
            if hasattr(one, "last_epoch") and hasattr(one, "optimizer"):
                for i, group in enumerate(one.optimizer.param_groups):
                    if f".rate.{i}" in paths:
                        _restore_rates(one, group, *(float(number) for number in paths[f".rate.{i}"]))

    def _before_optimizer(self, optimizer, *_):
        found_inf = getattr(optimizer, "found_inf", None)
        if found_inf is not None and float(found_inf) != 0:
            return
        scale = getattr(optimizer, "grad_scale", None)
        self._note([one for group in optimizer.param_groups for one in group["params"]], 1 if scale is None else float(scale))

    def _note(self, parameters, scale):
        self._gradients = self._gradients or []
        given = [one for one in parameters if one.grad is not None]
        self._gradients += [(self._names[id(one)], _numbers(one.grad) / scale) for one in given]

    def run(self, batch):
        """Runs the step, and gives what that gave."""
        result = self._step(*batch)
        if not self._optimizers:
            self._note(list(self._weights.values()), 1)
        return result

    def numbers(self):
        """Gradients as the optimizer was given them, weights and slots, as they are after the step."""
        yield from (("gradient", name, found) for name, found in self._gradients or [])
        yield from (("weight", name, _numbers(one)) for name, one in self._weights.items())
        for at, optimizer in self._optimizers.items():
            for parameter, slots in optimizer.state.items():
                for key, one in slots.items():
                    for part in one if isinstance(one, list) else [one]:
                        if isinstance(part, torch.Tensor) and part.dim() > 0:
                            yield "slot", f"{_join(at, self._names[id(parameter)])}/{key}", _numbers(part)

    def is_tensor(self, value):
        """Whether it is a tensor that a file can hold."""
        return isinstance(value, torch.Tensor) and not value.is_complex() and value.layout == torch.strided

    def tensor(self, array, like):
        """A tensor like another with these numbers."""
        found = _made(array).to(like.device)
        return found.requires_grad_(like.requires_grad) if found.is_floating_point() else found


def _named(given):
    if isinstance(given, dict):
        return {str(name): one for name, one in given.items()}
    if isinstance(given, list | tuple):
        return {str(i): one for i, one in enumerate(given)}
    return {} if given is None else {"": given}


def _join(prefix, name):
    return f"{prefix}.{name}" if prefix else name


def _made(array):
    if isinstance(array, Bfloat16):
        return torch.from_numpy(np.array(array).view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(np.array(array))


def _numbers(tensor):
    tensor = tensor.detach()
    return (tensor.to_dense() if tensor.layout != torch.strided else tensor).double().cpu().numpy()


def _slots(state, owner, parameter, group):
    found = {}
    for name, array in state.items():
        where, _, key = name.rpartition("/")
        if where not in (f"slot/{owner}", f"counter/{owner}"):
            continue
        is_number = key.endswith(".number")
        key, _, place = key.removesuffix(".number").partition("#")
        stays = is_number or (key == "step" and not (group.get("capturable") or group.get("fused")))
        value = array.item() if is_number else _made(array)
        value = value if stays else value.to(parameter.device)
        if place:
            found.setdefault(key, {})[int(place)] = value
        else:
            found[key] = value
    return {key: [one[i] for i in sorted(one)] if isinstance(one, dict) else one for key, one in found.items()}


def _with_leaves(value, path, leaves):
    if isinstance(value, dict):
        return type(value)((key, _with_leaves(part, f"{path}.{key}", leaves)) for key, part in value.items())
    if isinstance(value, list | tuple):
        return type(value)([_with_leaves(part, f"{path}.{i}", leaves) for i, part in enumerate(value)])
    if path not in leaves:
        return value
    return _made(leaves[path]).to(value.device) if isinstance(value, torch.Tensor) else type(value)(leaves[path].item())


def _restore_rates(scheduler, group, rate, base, momentum):
    now = float(group.get("initial_lr", scheduler.optimizer.defaults.get("lr", group["lr"])))
    group["lr"] = rate if base == now else rate * (now / base)
    if getattr(scheduler, "cycle_momentum", False):
        if "betas" in group:
            group["betas"] = (momentum, *group["betas"][1:])
        else:
            group["momentum"] = momentum
