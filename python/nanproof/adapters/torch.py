"""PyTorch: state by name, exact restore, the step, and a look that costs little."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import torch

from ..errors import NanproofError
from ..loss import loss_part
from ..randoms import KeptRandoms
from ..safetensors import DTYPES, Array, Tensor, tensor_of
from ..trace import Recorder
from ..training import Seen, State, Training
from .torch_outputs import module_outputs, read_at_once

# Of a scheduler's state: what it counts. All else are hyperparameters, which are today's code's.
COUNTERS = frozenset(
    ["last_epoch", "_step_count", "num_bad_epochs", "cooldown_counter", "best", "T_cur", "T_i", "_cycle_momentum"]
)
SLOTS = {
    "SGD": {"momentum_buffer"},
    "Adam": {"step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"},
    "AdamW": {"step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"},
    "RMSprop": {"step", "square_avg", "momentum_buffer", "grad_avg"},
    "Adagrad": {"step", "sum"},
    "Adadelta": {"step", "square_avg", "acc_delta"},
    "NAdam": {"step", "exp_avg", "exp_avg_sq", "mu_product"},
    "RAdam": {"step", "exp_avg", "exp_avg_sq"},
    "Adamax": {"step", "exp_avg", "exp_inf"},
}


def stored(value: torch.Tensor) -> Tensor:
    """A tensor's numbers, copied to the CPU; of bfloat16 their bits.

    Raises NanproofError (unsupported) when safetensors has no such kind of number.
    """
    value = value.detach()
    value = (value.to_dense() if value.layout != torch.strided else value).cpu()
    if value.dtype == torch.bfloat16:
        return Tensor("BF16", value.contiguous().view(torch.int16).numpy().view(np.uint16).copy())
    try:
        return tensor_of(value.resolve_conj().resolve_neg().numpy().copy())
    except (TypeError, NanproofError) as error:
        raise NanproofError("unsupported", f"a tensor of {value.dtype} is nothing that a file can hold") from error


def made(tensor: Tensor) -> torch.Tensor:
    """A tensor of the CPU with these numbers."""
    array = np.array(tensor.array, DTYPES[tensor.dtype])
    if tensor.dtype == "BF16":
        return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(array)


class TorchTraining(Training):
    """A training step of PyTorch with its models, optimizers, scaler, and whatever else has a `state_dict`."""

    framework = "torch"

    def __init__(
        self, step: Callable[..., Any], *, model: Any = None, optimizer: Any = None, scaler: Any = None, **others: Any
    ) -> None:
        self._step = step
        models = _named(model)
        models.update({name: one for name, one in others.items() if isinstance(one, torch.nn.Module)})
        self.others = {name: one for name, one in others.items() if not isinstance(one, torch.nn.Module)}
        for name, one in self.others.items():
            if not (hasattr(one, "state_dict") and hasattr(one, "load_state_dict")):
                raise NanproofError("load", f"watch was given {name}={one!r}, which has no state_dict and load_state_dict")
        self.optimizers: dict[str, Any] = _named(optimizer)
        for name, one in self.optimizers.items():
            if not hasattr(one, "param_groups"):
                raise NanproofError("load", f"watch was given optimizer{name}={one!r}, which is no optimizer")
        self.scaler = scaler
        self.models = models
        self.weights: dict[str, torch.Tensor] = {}
        self._name_weights()
        self._seen: Seen | None = None
        self._given = False
        self._clip_norm: float | None = None
        self._raw: dict[int, Array] | None = None
        self._cheap: _Look | None = None
        self._pause: Callable[[], Any] | None = None
        self._copies = _Copies(self)
        for one in self.optimizers.values():
            if hasattr(one, "register_step_pre_hook"):
                one.register_step_pre_hook(self._before_optimizer)
        if os.environ.get("NANPROOF_PROTOCOL"):
            torch.set_num_threads(int(os.environ.get("NANPROOF_THREADS", "1")))

    # Names

    def _name_weights(self) -> None:
        named: dict[str, torch.Tensor] = {}
        for prefix, model in self.models.items():
            if isinstance(model, torch.Tensor):
                named[prefix] = model
            else:
                named.update({_join(prefix, name): one for name, one in model.named_parameters()})
        known = {id(one) for one in named.values()}
        for at, optimizer in self.optimizers.items():
            for g, group in enumerate(optimizer.param_groups):
                for i, parameter in enumerate(group["params"]):
                    if id(parameter) not in known:
                        known.add(id(parameter))
                        named[_join(at, f"group{g}.{i}")] = parameter
        self.weights = named
        self.name_of = {id(one): name for name, one in named.items()}

    def buffers(self) -> dict[str, torch.Tensor]:
        """Buffers by name, as the modules have them now."""
        return {
            _join(prefix, name): one
            for prefix, model in self.models.items()
            if isinstance(model, torch.nn.Module)
            for name, one in model.named_buffers()
        }

    def slots(self) -> Iterator[tuple[str, Any]]:
        """The optimizers' tensors and numbers by the name that the state has for them."""
        for at, optimizer in self.optimizers.items():
            for group in optimizer.param_groups:
                for parameter in group["params"]:
                    owner = _join(at, self.name_of[id(parameter)])
                    for key, one in optimizer.state.get(parameter, {}).items():
                        yield from _slot(owner, str(key), one)

    # State

    def take_parts(self) -> State:
        state = {f"weight/{name}": stored(one) for name, one in self.weights.items()}
        state.update({f"buffer/{name}": stored(one) for name, one in self.buffers().items()})
        for name, one in self.slots():
            state[name] = stored(one) if isinstance(one, torch.Tensor) else tensor_of(np.array(one))
        return {**state, **self.counters(), **self.randoms()}

    def counters(self) -> State:
        """What schedulers, the scaler and other objects count."""
        state: State = {}
        if self.scaler is not None and self.scaler.is_enabled():
            found = self.scaler.state_dict()
            state["counter/scaler.scale"] = tensor_of(np.float64(found["scale"]))
            state["counter/scaler.growth"] = tensor_of(np.int64(found["_growth_tracker"]))
        for name, one in self.others.items():
            numbers = dict(_leaves(one.state_dict(), "", _is_scheduler(one)))
            for path, number in numbers.items():
                value = stored(number) if isinstance(number, torch.Tensor) else tensor_of(np.array(number))
                state[f"counter/{name}{path}"] = value
            if _is_scheduler(one):
                for i, group in enumerate(one.optimizer.param_groups):
                    state[f"counter/{name}.rate.{i}"] = tensor_of(np.array(_rates(one, group)))
        return state

    def randoms(self) -> State:
        """The states of torch's generators."""
        state = {"random/torch": stored(torch.get_rng_state())}
        if torch.cuda.is_available() and torch.cuda.is_initialized():
            for i in range(torch.cuda.device_count()):
                state[f"random/cuda.{i}"] = stored(torch.cuda.get_rng_state(i))
        return state

    def restore_parts(self, state: State) -> None:
        live = {f"weight/{name}": one for name, one in self.weights.items()}
        live.update({f"buffer/{name}": one for name, one in self.buffers().items()})
        for name in [*live, *(one for one in state if one.startswith(("weight/", "buffer/")))]:
            problem = _misfit(live.get(name), state.get(name))
            if problem is not None:
                raise NanproofError("restore", f"{name} does not fit this program: {problem}")
        slots = self._slots_from(state)
        with torch.no_grad():
            for name, one in live.items():
                one.copy_(made(state[name]).reshape(one.shape))
                one.grad = None
        for optimizer, parameter, found in slots:
            optimizer.state[parameter].clear()
            optimizer.state[parameter].update(found)
        self._restore_counters(state)
        if "random/torch" in state:
            torch.set_rng_state(made(state["random/torch"]))
        for name in state:
            if name.startswith("random/cuda.") and torch.cuda.is_available():
                torch.cuda.set_rng_state(made(state[name]), int(name.rpartition(".")[2]))

    def _slots_from(self, state: State) -> list[tuple[Any, Any, dict[str, Any]]]:
        own = {
            _join(at, self.name_of[id(parameter)]): (optimizer, parameter, group)
            for at, optimizer in self.optimizers.items()
            for group in optimizer.param_groups
            for parameter in group["params"]
        }
        others = tuple(f"counter/{name}" for name in (*self.others, "scaler"))
        found: dict[str, dict[str, Any]] = {name: {} for name in own}
        for name, tensor in state.items():
            role, _, rest = name.partition("/")
            if role not in ("slot", "counter") or (role == "counter" and name.startswith(tuple(f"{o}." for o in others))):
                continue
            owner, _, key = rest.rpartition("/")
            if owner not in own:
                raise NanproofError("restore", f"the state has {name}, and this program's optimizer has nothing like it")
            optimizer, parameter, group = own[owner]
            number = key.endswith(".number")
            key = key.removesuffix(".number")
            self._check_slot(optimizer, parameter, key, name)
            if role == "slot" and tensor.array.shape != tuple(parameter.shape) and tensor.array.ndim == parameter.dim():
                raise NanproofError("restore", f"{name} is {list(tensor.array.shape)}, its weight {list(parameter.shape)}")
            on_cpu = key == "step" and not (group.get("capturable") or group.get("fused"))
            value: Any = tensor.array.item() if number else made(tensor)
            found[owner][key] = value if number or on_cpu else value.to(parameter.device)
        return [(optimizer, parameter, _lists(found[name])) for name, (optimizer, parameter, _) in own.items()]

    def _check_slot(self, optimizer: Any, parameter: Any, key: str, name: str) -> None:
        now = optimizer.state.get(parameter, {})
        allowed = SLOTS.get(type(optimizer).__name__) or ({str(one) for one in now} if now else None)
        if allowed is not None and key.partition("#")[0] not in allowed:
            raise NanproofError("restore", f"the state has {name}, which a {type(optimizer).__name__} has not")

    def _restore_counters(self, state: State) -> None:
        if self.scaler is not None and "counter/scaler.scale" in state:
            found = self.scaler.state_dict()
            found["scale"] = float(state["counter/scaler.scale"].array)
            found["_growth_tracker"] = int(state["counter/scaler.growth"].array)
            self.scaler.load_state_dict(found)
            # A step that failed half-way leaves marks here.
            self.scaler._per_optimizer_states.clear()
        for name, one in self.others.items():
            paths = {
                key.removeprefix(f"counter/{name}"): value for key, value in state.items() if key.startswith(f"counter/{name}.")
            }
            if not paths:
                continue
            one.load_state_dict(_with_leaves(one.state_dict(), "", paths))
            if _is_scheduler(one):
                for i, group in enumerate(one.optimizer.param_groups):
                    kept = paths.get(f".rate.{i}")
                    if kept is not None:
                        _restore_rates(one, group, [float(number) for number in kept.array])

    # The step

    def run(self, batch: tuple[Any, ...], seen: Seen) -> Any:
        if self._raw is None:
            self._raw = {}
            for parameter in self.weights.values():
                if parameter.requires_grad and hasattr(parameter, "register_post_accumulate_grad_hook"):
                    parameter.register_post_accumulate_grad_hook(self._after_gradient)
        self._raw.clear()
        self._seen, self._given = seen, False
        try:
            result = self._step(*batch)
            if not self.optimizers:
                self._note_gradients(list(self.weights.values()), None)
        finally:
            self._seen = None
        if self.scaler is not None and self.scaler.is_enabled() and not self._given:
            seen.skipped = True
        if self._raw and self.scaler is None:
            with np.errstate(all="ignore"):
                squares = sum(float(np.square(one, dtype=np.float64).sum()) for one in self._raw.values())
            seen.raw_gradient = math.sqrt(squares) if squares == squares else math.nan
        return result

    def clip(self, norm: float) -> None:
        if not self.optimizers or not all(hasattr(one, "register_step_pre_hook") for one in self.optimizers.values()):
            raise NanproofError(
                "unsupported", "gradients cannot be clipped from outside: watch was given no optimizer that they go through"
            )
        self._clip_norm = norm

    def adjust(self, state: State) -> None:
        gradients = {name: one.grad for name, one in self.weights.items()}
        super().adjust(state)
        for name, gradient in gradients.items():
            self.weights[name].grad = gradient

    def _before_optimizer(self, optimizer: Any, *_: Any) -> None:
        if self._clip_norm is not None:
            scale = getattr(optimizer, "grad_scale", None)
            parameters = [one for group in optimizer.param_groups for one in group["params"]]
            torch.nn.utils.clip_grad_norm_(parameters, self._clip_norm * (1.0 if scale is None else float(scale)))
        if self._cheap is not None:
            self._cheap.gradients(optimizer)
        if self._seen is not None:
            parameters = [one for group in optimizer.param_groups for one in group["params"]]
            self._note_gradients(parameters, optimizer)

    def _note_gradients(self, parameters: list[Any], optimizer: Any) -> None:
        seen = self._seen
        assert seen is not None
        with self._paused():
            found_inf = getattr(optimizer, "found_inf", None)
            if found_inf is not None and float(found_inf) != 0:
                return
            self._given = True
            scale = getattr(optimizer, "grad_scale", None)
            gradients = seen.gradients if seen.gradients is not None else {}
            for one in parameters:
                if one.grad is not None:
                    numbers = stored(one.grad).numbers()
                    gradients[f"weight/{self.name_of[id(one)]}"] = numbers if scale is None else numbers / float(scale)
            seen.gradients = gradients
        if self._on_gradients is not None:
            self._on_gradients(parameters)

    def _after_gradient(self, parameter: Any) -> None:
        if self._seen is not None and self._raw is not None:
            with self._paused():
                self._raw[id(parameter)] = stored(parameter.grad).numbers()

    _on_gradients: Callable[[list[Any]], None] | None = None

    def _paused(self) -> Any:
        return nullcontext() if self._pause is None else self._pause()

    def run_traced(self, batch: tuple[Any, ...], seen: Seen, recorder: Recorder) -> Any:
        from .torch_trace import traced

        return traced(self, batch, seen, recorder)

    def probe(self) -> str | None:
        from .torch_trace import PROBLEM

        return PROBLEM

    # Tensors of batches

    def is_tensor(self, value: Any) -> bool:
        return isinstance(value, torch.Tensor) and not value.is_complex() and value.layout == torch.strided

    def stored(self, value: Any) -> Tensor:
        return stored(value)

    def made(self, tensor: Tensor, like: Any) -> Any:
        found = made(tensor).to(like.device)
        return found.requires_grad_(like.requires_grad) if found.is_floating_point() else found

    def held(self, value: Any) -> Any:
        return value.detach().clone().requires_grad_(value.requires_grad)

    # In a person's own script

    def keep(self) -> None:
        self._copies.keep()

    def kept(self) -> State:
        return self._copies.state()

    def outputs(self) -> AbstractContextManager[dict[str, float]]:
        return module_outputs(self.models)

    def magnitudes(self) -> dict[str, float]:
        weights = list(self.weights.values())
        slots = [one for name, one in self.slots() if name.startswith("slot/") and isinstance(one, torch.Tensor)]
        gradients = [one.grad for one in weights if one.grad is not None]
        looked = {"max |weight|": weights, "max |gradient|": gradients, "the optimizer's largest number": slots}
        return {label: _largest(tensors) for label, tensors in looked.items()}

    def run_watched(self, batch: tuple[Any, ...]) -> tuple[Any, bool]:
        look = self._cheap = _Look()
        try:
            result = self._step(*batch)
            if not self.optimizers:
                look.tensors([one.grad for one in self.weights.values() if one.grad is not None])
        finally:
            self._cheap = None
        look.lasting(list(self.weights.values()))
        look.lasting([one for name, one in self.slots() if name.startswith("slot/")])
        loss = loss_part(result)
        if isinstance(loss, torch.Tensor):
            look.tensors([loss])
        elif isinstance(loss, float) and not math.isfinite(loss):
            return result, False
        return result, look.finite()


class _Look:
    """A look at many tensors at once: a product with 0 is NaN where a number is not finite, and so is, or infinite, a sum.

    On a GPU, where a call costs more than its numbers, tensors of a kind are looked at in one call, by their largest magnitude.
    """

    zeros: dict[tuple[Any, Any], torch.Tensor] = {}

    def __init__(self) -> None:
        self._sums: dict[Any, list[torch.Tensor]] = {}
        self._lasting: list[torch.Tensor] = []
        self._largest: list[torch.Tensor] = []

    def gradients(self, optimizer: Any) -> None:
        """Looks at the gradients that an optimizer is given, unless the scaler has it skip them."""
        found_inf = getattr(optimizer, "found_inf", None)
        if found_inf is None or float(found_inf) == 0:
            grads = [one.grad for group in optimizer.param_groups for one in group["params"] if one.grad is not None]
            self.tensors(grads)

    def tensors(self, tensors: list[torch.Tensor]) -> None:
        """Looks at tensors."""
        here = []
        for tensor in tensors:
            if tensor.is_floating_point() and tensor.numel() > 0:
                dense = tensor.detach()
                here.append(dense.to_dense() if dense.layout != torch.strided else dense)
        self._largest += largest_magnitudes([one for one in here if one.is_cuda])
        for tensor in here:
            if not tensor.is_cuda:
                flat = tensor.reshape(-1)
                found = torch.dot(flat, self._zeros(flat))
                self._sums.setdefault(found.device, []).append(found if found.dtype == torch.float32 else found.float())

    def lasting(self, tensors: list[torch.Tensor]) -> None:
        """Looks at tensors that are what they are until `finite` is asked: at less cost."""
        dense = [one.detach() for one in tensors if one.is_floating_point()]
        cheap = [one for one in dense if one.layout == torch.strided and not one.is_cuda]
        self._lasting += cheap
        self.tensors([one for one in dense if one.layout != torch.strided or one.is_cuda])

    def _zeros(self, flat: torch.Tensor) -> torch.Tensor:
        key = (flat.device, flat.dtype)
        zeros = self.zeros.get(key)
        if zeros is None or zeros.numel() < flat.numel():
            zeros = self.zeros[key] = torch.zeros(flat.numel(), dtype=flat.dtype, device=flat.device)
        return zeros[: flat.numel()]

    def finite(self) -> bool:
        """Whether all that was looked at is finite."""
        if not all(map(math.isfinite, read_at_once(self._largest))):
            return False
        if not all(float(torch.stack(sums).sum()) == 0 for sums in self._sums.values()):
            return False
        totals: dict[Any, list[torch.Tensor]] = {}
        for one in self._lasting:
            totals.setdefault(one.device, []).append(one.sum(dtype=torch.float32))
        # A sum that is finite says it of all numbers. One that is not may have overflowed.
        finite = all(math.isfinite(float(torch.stack(found).sum())) for found in totals.values())
        return finite or all(bool(torch.isfinite(one).all()) for one in self._lasting)


def largest_magnitudes(tensors: list[torch.Tensor]) -> list[torch.Tensor]:
    """The largest magnitude of each kind of tensors, on their device, as float32; NaN where a number is. No tensor is empty.

    Nothing is waited for, so that a GPU goes on.
    """
    kinds: dict[Any, list[torch.Tensor]] = {}
    for one in tensors:
        kinds.setdefault((one.device, one.dtype), []).append(one)
    return [torch.stack(torch._foreach_norm(alike, math.inf)).amax().float() for alike in kinds.values()]


class _Copies:
    """Copies of a training's tensors, made in place of the last ones."""

    def __init__(self, training: TorchTraining) -> None:
        self._training = training
        self._live: list[torch.Tensor] = []
        self._names: list[str] = []
        self._copies: list[torch.Tensor] = []
        self._devices: dict[Any, list[int]] = {}
        self._numbers: dict[str, Any] = {}

    def keep(self) -> None:
        """Copies everything."""
        training = self._training
        named = [(f"weight/{name}", one) for name, one in training.weights.items()]
        named += [(f"buffer/{name}", one) for name, one in training.buffers().items()]
        self._numbers = {}
        for name, one in training.slots():
            if isinstance(one, torch.Tensor):
                named.append((name, one))
            else:
                self._numbers[name] = one
        live = [one.detach() for _, one in named]
        names = [name for name, _ in named]
        fits = names == self._names and all(
            one.shape == copy.shape and one.dtype == copy.dtype for one, copy in zip(live, self._copies, strict=True)
        )
        with torch.no_grad():
            if fits:
                # One call a device: with several devices in it, it would copy tensor by tensor.
                for at in self._devices.values():
                    torch._foreach_copy_([self._copies[i] for i in at], [live[i] for i in at])
            else:
                self._names, self._copies, self._devices = names, [one.clone() for one in live], {}
                for i, one in enumerate(live):
                    self._devices.setdefault(one.device, []).append(i)
        self._counters = training.counters()
        self._randoms = (training.randoms(), KeptRandoms())

    def state(self) -> State:
        """The copies as a state."""
        state = {name: stored(one) for name, one in zip(self._names, self._copies, strict=True)}
        state.update({name: tensor_of(np.array(one)) for name, one in self._numbers.items()})
        own, others = self._randoms
        return {**state, **self._counters, **own, **others.state()}


def _largest(tensors: list[torch.Tensor]) -> float:
    found = largest_magnitudes([one.detach() for one in tensors if one.is_floating_point() and one.numel() > 0])
    return float(np.max(read_at_once(found), initial=0.0))


def _named(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    if isinstance(given, dict):
        return {str(name): one for name, one in given.items()}
    if isinstance(given, list | tuple):
        return {str(i): one for i, one in enumerate(given)}
    return {"": given}


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _slot(owner: str, key: str, one: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(one, torch.Tensor):
        role = "counter" if one.dim() == 0 else "slot"
        yield f"{role}/{owner}/{key}", one
    elif isinstance(one, int | float) and not isinstance(one, bool):
        yield f"counter/{owner}/{key}.number", one
    elif isinstance(one, list):
        for i, part in enumerate(one):
            yield from _slot(owner, f"{key}#{i}", part)


def _lists(found: dict[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for key, value in found.items():
        name, is_list, _ = key.partition("#")
        if is_list:
            whole.setdefault(name, []).append(value)
        else:
            whole[key] = value
    return whole


def _is_scheduler(one: Any) -> bool:
    return hasattr(one, "last_epoch") and hasattr(one, "optimizer")


def _base(scheduler: Any, group: dict[str, Any]) -> float:
    return float(group.get("initial_lr", scheduler.optimizer.defaults.get("lr", group["lr"])))


def _rates(scheduler: Any, group: dict[str, Any]) -> list[float]:
    """What a scheduler changes as it goes: the learning rate, with what it began at, and the momentum that it cycles."""
    momentum = group["betas"][0] if "betas" in group else group.get("momentum", 0.0)
    return [float(group["lr"]), _base(scheduler, group), float(momentum)]


def _restore_rates(scheduler: Any, group: dict[str, Any], rates: list[float]) -> None:
    """Puts back what a scheduler has changed; a learning rate that is another today stays so, in proportion."""
    rate, base, momentum = rates
    group["lr"] = rate if base == _base(scheduler, group) else rate * (_base(scheduler, group) / base)
    if getattr(scheduler, "cycle_momentum", False):
        if "betas" in group:
            group["betas"] = (momentum, *group["betas"][1:])
        else:
            group["momentum"] = momentum


def _leaves(value: Any, path: str, counters_only: bool) -> Iterator[tuple[str, Any]]:
    """The tensors and numbers of a `state_dict`, by path; of a scheduler's those that count."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, f"{path}.{key}", counters_only)
    elif isinstance(value, list | tuple):
        for i, part in enumerate(value):
            yield from _leaves(part, f"{path}.{i}", counters_only)
    else:
        counts = isinstance(value, torch.Tensor) or (isinstance(value, int | float) and not isinstance(value, bool))
        if counts and (not counters_only or path.rpartition(".")[2] in COUNTERS):
            yield path, value


def _with_leaves(value: Any, path: str, leaves: State) -> Any:
    if isinstance(value, dict):
        return type(value)((key, _with_leaves(part, f"{path}.{key}", leaves)) for key, part in value.items())
    if isinstance(value, list | tuple):
        return type(value)([_with_leaves(part, f"{path}.{i}", leaves) for i, part in enumerate(value)])
    if path not in leaves:
        return value
    return made(leaves[path]).to(value.device) if isinstance(value, torch.Tensor) else type(value)(leaves[path].array.item())


def _misfit(own: torch.Tensor | None, theirs: Tensor | None) -> str | None:
    if own is None:
        return "the program has no such tensor"
    if theirs is None:
        return "the state has no such tensor"
    if tuple(own.shape) != theirs.array.shape:
        return f"{list(own.shape)} in the program and {list(theirs.array.shape)} in the state"
    return None
