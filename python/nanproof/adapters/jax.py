"""JAX: a state that is a pytree, its exact restore, and a trace by an interpreter over the jaxpr with scan unrolled.

The private parts of JAX that this needs are found in one place, `_Parts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..errors import NanproofError
from ..frames import NOWHERE, Place, is_nanproof, is_personal
from ..loss import loss_of
from ..randoms import KeptRandoms
from ..safetensors import Array, Tensor, tensor_of
from ..trace import Recorder, Value, first_bad, place_here, value
from ..training import Seen, State, Training, misfit

SLOT = re.compile(r"^(opt|slot|adam|sgd|moment|velocity)", re.IGNORECASE)
POINTWISE = frozenset(
    [
        "add",
        "sub",
        "mul",
        "div",
        "rem",
        "neg",
        "exp",
        "exp2",
        "expm1",
        "log",
        "log1p",
        "sqrt",
        "rsqrt",
        "cbrt",
        "pow",
        "integer_pow",
        "tanh",
        "logistic",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "atan2",
        "sinh",
        "cosh",
        "asinh",
        "acosh",
        "atanh",
        "erf",
        "erfc",
        "erf_inv",
        "abs",
        "sign",
        "max",
        "min",
        "select_n",
        "square",
        "lgamma",
        "digamma",
        "clamp",
    ]
)
INNER = ("jaxpr", "call_jaxpr", "fun_jaxpr")


class _Parts:
    """The private parts of JAX."""

    @staticmethod
    def frames(equation: Any) -> list[tuple[str, int, str]]:
        """File, line and function of every frame that an equation was made in, innermost first."""
        traceback = equation.source_info.traceback
        return [] if traceback is None else [(one.file_name, one.line_num, one.function_name) for one in traceback.frames]

    @staticmethod
    def scopes(equation: Any) -> str:
        """The names that an equation was made under, with the transformations it went through."""
        stack = equation.source_info.name_stack
        text = str(stack)
        # JAX 0.4 leaves out of its text transformations that no name is in.
        names = [one.name for one in getattr(stack, "stack", ()) if type(one).__name__ == "Transform"]
        for name in reversed(names if not any(f"{one}(" in text for one in names) else []):
            text = f"{name}({text})"
        return text

    @staticmethod
    def scan_counts(parameters: Any) -> tuple[int, int]:
        """How many of the inputs of a scan are constants, and how many are carried; the others are scanned over."""
        if "num_carry" in parameters:
            return parameters["num_consts"], parameters["num_carry"]
        # JAX 0.11 and later.
        constants, carried, _ = parameters["ft_in"].unpack()
        return len(list(constants)), len(list(carried))

    @staticmethod
    def bind(equation: Any, values: Sequence[Any]) -> list[Any]:
        """Computes an equation."""
        primitive = equation.primitive
        given = primitive.get_bind_params(equation.params)
        functions, parameters = given if isinstance(given, tuple) else ([], given)
        found = primitive.bind(*functions, *values, **parameters)
        return list(found) if primitive.multiple_results else [found]


class JaxTraining(Training):
    """A training step of JAX: `step(state, *batch)` gives `(state, loss)`, jitted or not."""

    framework = "jax"

    def __init__(self, step: Callable[..., Any], *, state: Any, **others: Any) -> None:
        if others:
            raise NanproofError("load", f"watch was given {', '.join(others)}: JAX needs train_step and state only")
        self._step = step
        self.state = state
        self._held: Any = None
        self._donates: bool | None = None
        # By the first state: a Python number may become an array.
        self._roles: dict[str, str] = {}
        self._trained: frozenset[str] | None = None
        if not jax.tree_util.tree_leaves(state):
            raise NanproofError(
                "load", "watch was given a state without leaves: state is the pytree that train_step takes first"
            )

    # State

    def _named(self) -> list[tuple[str, Any]]:
        leaves = jax.tree_util.tree_flatten_with_path(self.state)[0]
        return [(self._name(path, leaf), leaf) for path, leaf in leaves if _is_number(leaf) or _is_array(leaf)]

    def _name(self, path: Any, leaf: Any) -> str:
        return self._roles.setdefault(str(path), _name(path, leaf))

    def take_parts(self) -> State:
        return {name: _stored(leaf) for name, leaf in self._named()}

    def restore_parts(self, state: State) -> None:
        misfit(
            {name: one for name, one in state.items() if not _is_generator(name, self._names())},
            dict(self.take_parts().items()),
        )
        paths, tree = jax.tree_util.tree_flatten_with_path(self.state)
        new = []
        for path, leaf in paths:
            tensor = state.get(self._name(path, leaf)) if _is_number(leaf) or _is_array(leaf) else None
            new.append(leaf if tensor is None else _made(tensor, leaf))
        self.state = jax.tree_util.tree_unflatten(tree, new)

    def _names(self) -> set[str]:
        return {name for name, _ in self._named()}

    # The step

    def run(self, batch: tuple[Any, ...], seen: Seen) -> Any:
        result = self._step(self.state, *batch)
        if not isinstance(result, tuple) or len(result) < 2:
            raise NanproofError("program", f"train_step gave {repr(result)[:80]}: it has to give (state, loss)")
        self.state = result[0]
        return result

    def clip(self, norm: float) -> None:
        raise NanproofError(
            "unsupported",
            "gradients cannot be clipped from outside of a JAX program: they are inside of train_step. Make it a knob",
        )

    def trained(self, batch: tuple[Any, ...]) -> Callable[[str], bool]:
        """The floating numbers of the state that the loss is computed from: moments and the like are not."""
        if self._trained is None:
            closed, shapes, inputs, names = self._jaxpr(batch)
            whole = jax.tree_util.tree_unflatten(jax.tree_util.tree_structure(shapes), range(len(closed.jaxpr.outvars)))
            loss = set(jax.tree_util.tree_leaves(whole[1]))
            wanted = [at in loss for at in range(len(closed.jaxpr.outvars))]
            needed = _Interpreter(Recorder()).find_primal(closed.jaxpr, wanted, "")
            self._trained = frozenset(names.get(i, "") for i, need in zip(inputs, needed, strict=True) if need)
        names_at_loss = self._trained
        return lambda name: name.startswith("weight/") and name in names_at_loss

    def loss(self, result: Any) -> float:
        return loss_of(result[1])

    def run_traced(self, batch: tuple[Any, ...], seen: Seen, recorder: Recorder) -> Any:
        closed, shapes, inputs, names = self._jaxpr(batch)
        interpreter = _Interpreter(recorder)
        pairs = [interpreter.leaf(one, names.get(i)) for i, one in inputs.items()]
        interpreter.find_primal(closed.jaxpr, [True] * len(closed.jaxpr.outvars), "")
        out = interpreter.closed(closed, pairs, _Around(place=place_here()))
        out_tree = jax.tree_util.tree_structure(shapes)
        result = jax.tree_util.tree_unflatten(out_tree, [array for array, _ in out])
        seen.skipped = False
        whole = jax.tree_util.tree_unflatten(out_tree, out)
        self.state = _like(self.state, result[0])
        recorder.end["loss"] = _first(whole[1])
        for (path, leaf), pair in zip(
            jax.tree_util.tree_flatten_with_path(self.state)[0],
            jax.tree_util.tree_leaves(whole[0], is_leaf=lambda one: isinstance(one, _Pair)),
            strict=True,
        ):
            name = self._name(path, leaf)
            group = {"weight": "weights", "slot": "slots"}.get(name.partition("/")[0])
            if group is not None:
                recorder.end[group][name] = pair.value["id"]
        return result

    def _jaxpr(self, batch: tuple[Any, ...]) -> tuple[Any, Any, dict[int, Any], dict[int, str]]:
        """The step as a jaxpr of the arrays in state and batch, the shapes of what it gives, those arrays and names by place.

        Raises NanproofError (unsupported) when the step looks at numbers while it computes.
        """
        leaves, tree = jax.tree_util.tree_flatten((self.state, batch))
        inputs = {i: jnp.asarray(leaf) for i, leaf in enumerate(leaves) if _is_array(leaf) or isinstance(leaf, np.ndarray)}

        def of_arrays(*given: Any) -> Any:
            whole = list(leaves)
            for i, one in zip(inputs, given, strict=True):
                whole[i] = one
            state, parts = jax.tree_util.tree_unflatten(tree, whole)
            return self._step(state, *parts)

        try:
            closed, shapes = jax.make_jaxpr(of_arrays, return_shape=True)(*inputs.values())
        except jax.errors.ConcretizationTypeError as error:
            raise NanproofError(
                "unsupported", f"the step looks at numbers while it computes, so that it has no jaxpr to trace: {error}"
            ) from error
        return closed, shapes, inputs, self._leaf_names(batch, {id(leaf): name for name, leaf in self._named()})

    def _leaf_names(self, batch: tuple[Any, ...], state_names: dict[int, str]) -> dict[int, str]:
        paths = jax.tree_util.tree_flatten_with_path((self.state, batch))[0]
        names = {}
        for i, (path, leaf) in enumerate(paths):
            if path[0] == jax.tree_util.SequenceKey(0):
                names[i] = state_names.get(id(leaf), "")
            else:
                names[i] = "batch/" + "/".join(_part(one) for one in path[1:])
        return {i: name for i, name in names.items() if name}

    # Tensors of batches

    def is_tensor(self, value: Any) -> bool:
        return _is_array(value) and not _is_key(value) and value.dtype.kind not in "c"

    def stored(self, value: Any) -> Tensor:
        return _stored(value)

    def made(self, tensor: Tensor, like: Any) -> Any:
        return _made(tensor, like)

    def held(self, value: Any) -> Any:
        return value if self._donates is False else jnp.copy(value)

    # In a person's own script

    def keep(self) -> None:
        # Arrays do not change; but a step may be given their memory.
        copies = self._donates is not False
        self._held = jax.tree_util.tree_map(lambda leaf: jnp.copy(leaf) if copies and _is_array(leaf) else leaf, self.state)
        self._before_step = self.state
        self._randoms = KeptRandoms()

    def kept(self) -> State:
        now, self.state = self.state, self._held
        state = self.take_parts()
        self.state = now
        return {**state, **self._randoms.state()}

    def run_watched(self, batch: tuple[Any, ...]) -> tuple[Any, bool]:
        result = self.run(batch, Seen())
        if self._donates is None:
            old = [leaf for leaf in jax.tree_util.tree_leaves(self._before_step) if _is_array(leaf)]
            self._donates = any(leaf.is_deleted() for leaf in old)
        self._before_step = None
        floats = [leaf for _, leaf in self._named() if _is_array(leaf) and not _is_key(leaf)]
        looked = [leaf for leaf in [*floats, result[1]] if _is_array(leaf) and jnp.issubdtype(leaf.dtype, jnp.floating)]
        if not bool(_finite(looked)):
            return result, False
        return result, np.isfinite(self.loss(result)).item()


def trace_function(
    recorder: Recorder, step: Callable[..., Any], state: Any, data: Any, labels: Sequence[str | None]
) -> tuple[Any, Any]:
    """Runs `step(state, data)`, which gives logs and a new state, op by op. `labels` are the names of the state's leaves."""
    count = len(labels)
    leaves, tree = jax.tree_util.tree_flatten((state, data))
    arrays = [jnp.asarray(one) for one in leaves]
    paths = [path for path, _ in jax.tree_util.tree_flatten_with_path((state, data))[0]]

    def of_leaves(*given: Any) -> Any:
        return step(*jax.tree_util.tree_unflatten(tree, list(given)))

    closed, shapes = jax.make_jaxpr(of_leaves, return_shape=True)(*arrays)
    interpreter = _Interpreter(recorder)
    names = [*labels, *("batch/" + "/".join(_part(one) for one in path[1:]) for path in paths[count:])]
    pairs = [interpreter.leaf(one, name) for one, name in zip(arrays, names, strict=True)]
    interpreter.find_primal(closed.jaxpr, [True] * len(closed.jaxpr.outvars), "")
    out = interpreter.closed(closed, pairs, _Around(place=place_here()))
    out_tree = jax.tree_util.tree_structure(shapes)
    logs, new = jax.tree_util.tree_unflatten(out_tree, out)
    recorder.end["loss"] = _first(logs)
    flat = jax.tree_util.tree_leaves(new, is_leaf=lambda one: isinstance(one, _Pair))
    for label, pair in zip(labels, flat, strict=True):
        group = {"weight": "weights", "slot": "slots"}.get((label or "").partition("/")[0])
        if group is not None:
            recorder.end[group][label] = pair.value["id"]
    return jax.tree_util.tree_unflatten(out_tree, [array for array, _ in out])  # type: ignore[no-any-return]


@jax.jit  # type: ignore[untyped-decorator]
def _finite(leaves: list[Any]) -> Any:
    found = jnp.asarray(True)
    for leaf in leaves:
        found = found & jnp.isfinite(leaf).all()
    return found


class _Pair(tuple):  # type: ignore[type-arg]
    """An array and what the trace says of it."""

    def __new__(cls, array: Any, said: Value) -> _Pair:
        return super().__new__(cls, (array, said))

    @property
    def value(self) -> Value:
        """What the trace says of the array."""
        return self[1]  # type: ignore[no-any-return]


class _Around:
    """What is around an equation: its phase, its names, the place of the outer call, and the loops that it is in."""

    def __init__(
        self,
        phase: str | None = None,
        scopes: str = "",
        place: Place | None = None,
        loops: tuple[tuple[int, int], ...] = (),
    ) -> None:
        self.phase = phase
        self.scopes = scopes
        self.place = place
        self.loops = loops


class _Interpreter:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._places: dict[int, tuple[Any, Place]] = {}
        self._transposed = False
        self._primal: set[int] = set()

    def find_primal(self, jaxpr: Any, wanted: list[bool], scopes: str) -> list[bool]:
        """Finds the equations that a result needs otherwise than for its derivative, and gives which inputs are needed so.

        What is computed in the forward pass only to be multiplied with a gradient later belongs to the backward pass.
        """
        needed = {id(one) for one, want in zip(jaxpr.outvars, wanted, strict=True) if want}
        for equation in reversed(jaxpr.eqns):
            outer = "/".join(one for one in (scopes, _Parts.scopes(equation)) if one)
            flags = [id(one) in needed for one in equation.outvars]
            if "transpose(" in outer or not any(flags):
                continue
            self._primal.add(id(equation))
            taken = self._taken(equation, flags, outer)
            needed.update(id(one) for one, want in zip(equation.invars, taken, strict=True) if want)
        return [id(one) in needed for one in jaxpr.invars]

    def _taken(self, equation: Any, flags: list[bool], scopes: str) -> list[bool]:
        name, parameters = equation.primitive.name, equation.params
        count = len(equation.invars)
        if name == "scan":
            constants, carried = _Parts.scan_counts(parameters)
            inner = [True] * carried if any(flags[:carried]) else [False] * carried
            taken = self.find_primal(parameters["jaxpr"].jaxpr, [*inner, *flags[carried:]], scopes)
            again = [True if carried and any(taken[constants : constants + carried]) else one for one in inner]
            if again != inner:
                taken = self.find_primal(parameters["jaxpr"].jaxpr, [*again, *flags[carried:]], scopes)
            return taken
        bodies = [parameters[key] for key in (*INNER, "cond_jaxpr", "body_jaxpr") if key in parameters]
        bodies += parameters.get("branches", ())
        for body in bodies:
            jaxpr = getattr(body, "jaxpr", body)
            fits = len(jaxpr.outvars) == len(flags) and name not in ("while", "cond")
            taken = self.find_primal(jaxpr, flags if fits else [True] * len(jaxpr.outvars), scopes)
            if fits and len(taken) == count:
                return taken
        return [True] * count

    def leaf(self, array: Any, name: str | None) -> _Pair:
        """An array that no equation made."""
        return _Pair(array, value(self._recorder.new_id(), name, _dtype(array), _numbers(array)))

    def closed(self, closed: Any, inputs: Sequence[_Pair], around: _Around) -> list[_Pair]:
        """Computes a jaxpr with its constants."""
        if not hasattr(closed, "jaxpr"):
            return self._jaxpr(closed, [], inputs, around)
        constants = [self.leaf(one, None) for one in closed.consts]
        return self._jaxpr(closed.jaxpr, constants, inputs, around)

    def _jaxpr(self, jaxpr: Any, constants: Sequence[_Pair], inputs: Sequence[_Pair], around: _Around) -> list[_Pair]:
        known: dict[Any, _Pair] = {}

        def read(variable: Any) -> _Pair:
            return self.leaf(variable.val, None) if hasattr(variable, "val") else known[variable]

        known.update(zip(jaxpr.constvars, constants, strict=True))
        known.update(zip(jaxpr.invars, inputs, strict=True))
        for equation in jaxpr.eqns:
            outputs = self._equation(equation, [read(one) for one in equation.invars], around)
            known.update(zip(equation.outvars, outputs, strict=True))
        return [read(one) for one in jaxpr.outvars]

    def _equation(self, equation: Any, inputs: list[_Pair], around: _Around) -> list[_Pair]:
        inner = self._inside(equation, around)
        name, parameters = equation.primitive.name, equation.params
        if name == "scan":
            return self._scan(parameters, inputs, inner)
        if name == "while":
            return self._while(parameters, inputs, inner)
        if name == "cond":
            at = min(max(int(inputs[0][0]), 0), len(parameters["branches"]) - 1)
            return self.closed(parameters["branches"][at], inputs[1:], inner)
        body = next((parameters[key] for key in INNER if key in parameters), None)
        if body is not None and name not in ("shard_map", "xla_pmap", "pallas_call", "custom_partitioning"):
            return self.closed(body, inputs, inner)
        arrays = _Parts.bind(equation, [array for array, _ in inputs])
        outputs = [self.leaf(array, None) for array in arrays]
        bad = None
        if any(one.value["nan"] + one.value["inf"] for one in outputs):
            operands = [_numbers(array) for array, _ in inputs] if name in POINTWISE else None
            bad = first_bad([_numbers(array) for array in arrays], operands)
        self._recorder.add(
            inner.phase or "forward",
            re.sub(r"[^A-Za-z0-9._]", "_", name)[:80],
            inner.place or NOWHERE,
            [one.value for one in inputs],
            [one.value for one in outputs],
            layer=_layer(inner.scopes),
            bad=bad,
            attributes=_attributes(parameters),
            timestep=self._timestep(inner.loops),
        )
        return outputs

    def _inside(self, equation: Any, around: _Around) -> _Around:
        scopes = "/".join(one for one in (around.scopes, _Parts.scopes(equation)) if one)
        if "transpose(" in scopes:
            phase = "backward"
            self._transposed = True
        elif around.phase is not None and around.loops:
            derives = around.phase == "forward" and "jvp(" in scopes and id(equation) not in self._primal
            phase = "backward" if derives else around.phase
        elif "jvp(" in scopes:
            phase = "forward" if id(equation) in self._primal else "backward"
        else:
            phase = "update" if self._transposed else "forward"
        place = self._place(equation, around)
        if phase == "backward" and place.line_of == "operation":
            place = place._replace(line_of="forward")
        return _Around(phase, scopes, place, around.loops)

    def _place(self, equation: Any, around: _Around) -> Place:
        known = self._places.get(id(equation))
        if known is not None:
            return known[1]
        key = id(equation)
        found: Place | None = None
        outside = False
        for file, line, function in _Parts.frames(equation):
            outside = outside or is_nanproof(file)
            if is_personal(file):
                if outside and around.place is not None:
                    break
                line_of = "call" if outside else "operation"
                name = None if outside else function.rpartition(".")[2]
                found = Place(file, line, name, line_of, key, key)
                break
        place = found or (around.place or NOWHERE)._replace(key=key, path=key)
        self._places[key] = (equation, place)
        return place

    def _scan(self, parameters: Any, inputs: list[_Pair], inner: _Around) -> list[_Pair]:
        constants, carried = _Parts.scan_counts(parameters)
        length = parameters["length"]
        fixed, carry, over = inputs[:constants], inputs[constants : constants + carried], inputs[constants + carried :]
        rows: list[list[_Pair]] = []
        order = range(length - 1, -1, -1) if parameters["reverse"] else range(length)
        for t in order:
            around = _Around(inner.phase, inner.scopes, inner.place, (*inner.loops, (t, length)))
            slices = [self._derived("slice", array[t], [said], around) for array, said in over]
            out = self.closed(parameters["jaxpr"], [*fixed, *carry, *slices], around)
            carry = out[:carried]
            rows.append(out[carried:])
        if parameters["reverse"]:
            rows.reverse()
        shapes = parameters["jaxpr"].out_avals[carried:]
        stacked = []
        for i, aval in enumerate(shapes):
            parts = [row[i] for row in rows]
            array = jnp.stack([array for array, _ in parts]) if parts else jnp.zeros((0, *aval.shape), aval.dtype)
            stacked.append(self._derived("concatenate", array, [said for _, said in parts], inner))
        return [*carry, *stacked]

    def _while(self, parameters: Any, inputs: list[_Pair], inner: _Around) -> list[_Pair]:
        tested, worked = parameters["cond_nconsts"], parameters["body_nconsts"]
        test, body, carry = inputs[:tested], inputs[tested : tested + worked], inputs[tested + worked :]
        turn = 0
        while True:
            around = _Around(inner.phase, inner.scopes, inner.place, (*inner.loops, (turn, -1)))
            if not bool(self.closed(parameters["cond_jaxpr"], [*test, *carry], around)[0][0]):
                return carry
            carry = self.closed(parameters["body_jaxpr"], [*body, *carry], around)
            turn += 1

    def _derived(self, operation: str, array: Any, inputs: list[Value], around: _Around) -> _Pair:
        """What scan does to its inputs and outputs, as an operation."""
        pair = self.leaf(array, None)
        numbers = _numbers(array)
        bad = first_bad([numbers], None) if pair.value["nan"] + pair.value["inf"] else None
        place = (around.place or NOWHERE)._replace(key=(around.place, operation), path=None)
        timestep = self._timestep(around.loops)
        self._recorder.add(around.phase or "forward", operation, place, inputs, [pair.value], bad=bad, timestep=timestep)
        return pair

    def _timestep(self, loops: tuple[tuple[int, int], ...]) -> int | None:
        over_time = [t for t, length in loops if length in self._recorder.axes]
        if over_time:
            return over_time[-1]
        return loops[-1][0] if loops else None


def _is_array(value: Any) -> bool:
    return isinstance(value, jax.Array)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.ndarray | np.generic) and not isinstance(value, bool)


def _is_key(value: Any) -> bool:
    return bool(jnp.issubdtype(value.dtype, jax.dtypes.prng_key))


def _is_generator(name: str, own: set[str]) -> bool:
    return name.startswith("random/") and name not in own


def _part(key: Any) -> str:
    for attribute in ("key", "idx", "name"):
        if hasattr(key, attribute):
            return str(getattr(key, attribute))
    return str(key)


def _name(path: Any, leaf: Any) -> str:
    parts = [_part(one) for one in path]
    name = ".".join(parts).replace("/", ".") or "state"
    if _is_array(leaf) and _is_key(leaf):
        return f"random/{name}"
    kind = np.dtype(leaf.dtype).kind if hasattr(leaf, "dtype") and not (_is_array(leaf) and _is_key(leaf)) else None
    floating = isinstance(leaf, float) or kind == "f" or (kind == "V" and "float" in str(getattr(leaf, "dtype", "")))
    if not floating:
        words = kind == "u" and "key" in name.lower() or "rng" in name.lower()
        return f"random/{name}" if words else f"counter/{name}"
    if np.ndim(leaf) == 0:
        return f"counter/{name}" if isinstance(leaf, float) else f"weight/{name}"
    second = bool(path) and (getattr(path[0], "idx", 0) > 0 or any(SLOT.match(part) for part in parts[:2]))
    return f"slot/{name}" if second else f"weight/{name}"


def _stored(leaf: Any) -> Tensor:
    if _is_array(leaf) and _is_key(leaf):
        leaf = jax.random.key_data(leaf)
    array = np.array(leaf)
    if str(array.dtype) == "bfloat16":
        return Tensor("BF16", array.view(np.uint16))
    if isinstance(leaf, int):
        array = array.astype(np.int64)
    return tensor_of(array)


def _made(tensor: Tensor, leaf: Any) -> Any:
    number = isinstance(leaf, int | float) and not isinstance(leaf, np.generic)
    python = tensor.dtype in ("I64", "F64")
    if tensor.array.ndim == 0 and (number or (_is_array(leaf) and not _is_key(leaf) and leaf.dtype != tensor.array.dtype)):
        return tensor.array.item() if python else jnp.asarray(tensor.array.item())
    if not _is_array(leaf):
        return tensor.array.astype(leaf.dtype) if isinstance(leaf, np.ndarray | np.generic) else type(leaf)(tensor.array)
    if _is_key(leaf):
        return jax.random.wrap_key_data(jnp.asarray(tensor.array), impl=jax.random.key_impl(leaf))
    array = tensor.array.view(leaf.dtype) if tensor.dtype == "BF16" else tensor.array
    if leaf.weak_type and leaf.ndim == 0:
        return jnp.asarray(array.item())
    return jax.device_put(jnp.array(array, leaf.dtype), leaf.sharding)


def _like(old: Any, new: Any) -> Any:
    """A new state whose numbers are Python's where the old ones were."""
    leaves, tree = jax.tree_util.tree_flatten(new)
    before = jax.tree_util.tree_leaves(old)
    if len(before) != len(leaves):
        return new
    kept = [
        type(was)(one) if isinstance(was, int | float) and not isinstance(was, bool) else one
        for was, one in zip(before, leaves, strict=True)
    ]
    return jax.tree_util.tree_unflatten(tree, kept)


def _first(whole: Any) -> int | None:
    if isinstance(whole, _Pair):
        return int(whole.value["id"])
    if isinstance(whole, dict) and "loss" in whole:
        return _first(whole["loss"])
    return _first(whole[0]) if isinstance(whole, list | tuple) and whole else None


def _dtype(array: Any) -> str:
    if _is_array(array) and _is_key(array):
        return "U32"
    dtype = getattr(array, "dtype", np.asarray(array).dtype)
    if str(dtype) == "bfloat16":
        return "BF16"
    try:
        return tensor_of(np.empty(0, dtype)).dtype
    except NanproofError:
        return str(dtype)


def _numbers(array: Any) -> Array:
    if _is_array(array) and _is_key(array):
        array = jax.random.key_data(array)
    found = np.asarray(array)
    return found.astype(np.float32) if str(found.dtype) in ("bfloat16",) or found.dtype.kind == "V" else found


def _layer(scopes: str) -> str | None:
    names = re.sub(r"(jvp|transpose|vmap|checkpoint|rematted_computation)\(|\)", "", scopes)
    return "/".join(one for one in names.split("/") if one) or None


def _attributes(parameters: Any) -> dict[str, Any]:
    found = {}
    for name, one in parameters.items():
        small = isinstance(one, list | tuple) and 0 < len(one) <= 8 and all(isinstance(part, int | float) for part in one)
        if isinstance(one, int | float | bool) or small:
            found[name] = one
    return found
