"""A planted death for every mechanism, in JAX: the knobs say which, and whether the step is jitted."""

import jax
import jax.numpy as jnp

from nanproof import choice, program

MECHANISMS = [
    "log-of-zero", "log-of-negative", "exp-overflow", "division-by-zero", "zero-over-zero", "root-gradient-at-zero",
    "masked-branch", "product-overflow", "recurrence-overflow", "backward-recurrence", "softmax-of-nothing",
    "second-moment-overflow", "update-overflow", "non-finite-input", "non-finite-weight", "innocent",
]  # fmt: skip


def log_of_zero(w, x):
    return jnp.log(jax.nn.relu(w - 5)).sum()  # log-of-zero


def log_of_negative(w, x):
    return jnp.log(-w).sum()  # log-of-negative


def exp_overflow(w, x):
    return jnp.exp(w * 100).sum()  # exp-overflow


def division_by_zero(w, x):
    return (w / (x - 1)).sum()  # division-by-zero


def zero_over_zero(w, x):
    return ((w - w) / (x - 1)).sum()  # zero-over-zero


def root_gradient_at_zero(w, x):
    return jnp.sqrt(jnp.square(w - jax.lax.stop_gradient(w)).sum())  # root-gradient-at-zero


def masked_branch(w, x):
    logs = jnp.log(w * (x - 1))  # masked-branch
    return jnp.where(x > 1, logs, 0.0).sum()


def product_overflow(w, x):
    return ((w * 1e30) * (x * 1e30)).sum()  # product-overflow


def recurrence_overflow(w, x):
    def cell(hidden, t):
        hidden = jax.nn.relu(hidden @ (4 * jnp.eye(2) * w[0]))  # recurrence-overflow
        return hidden + t, hidden

    hidden, _ = jax.lax.scan(cell, jnp.ones((2, 2)), jnp.ones((70, 2, 2)) * x[0])
    return hidden.mean()


def backward_recurrence(w, x):
    def cell(hidden, t):
        hidden = jnp.tanh(hidden * w[0] * 1e4 * t)  # backward-recurrence
        return hidden, None

    hidden, _ = jax.lax.scan(cell, jnp.zeros(2), jnp.ones(70))
    return hidden.mean()


def softmax_of_nothing(w, x):
    mask = jnp.array([[0.0, 0.0], [-jnp.inf, -jnp.inf]])
    return jax.nn.softmax(w + mask, 1).sum()  # softmax-of-nothing


def second_moment_overflow(w, x):
    return (w * x * 1e25).sum()


def update_overflow(w, x):
    return (w * x * 1e30).sum()


def innocent(w, x):
    return (jax.nn.softmax(w + jnp.array([0.0, -jnp.inf])) * w).sum()


def non_finite(w, x):
    return (w * x).sum()  # non-finite-input # non-finite-weight


@program(knobs={"mechanism": choice(MECHANISMS), "jitted": choice([True, False])}, steps=5)
def train(knobs, seed, watch, steps):
    mechanism = knobs["mechanism"]
    named = mechanism.replace("-", "_")
    loss_of = non_finite if mechanism.startswith("non-finite") else globals()[named]
    rate = 1e10 if mechanism == "update-overflow" else 0.01

    def train_step(state, x):
        loss, gradient = jax.value_and_grad(loss_of)(state["w"], x)
        squares = state["optimizer"]["v"]
        if mechanism != "update-overflow":
            squares = squares * 0.9 + gradient**2  # second-moment-overflow
        w = state["w"] - rate * gradient / (jnp.sqrt(jnp.where(squares > 0, squares, 1.0)) + 1e-8)  # update-overflow
        key, _ = jax.random.split(state["key"])
        return {"w": w, "optimizer": {"v": squares}, "key": key, "i": state["i"] + 1}, loss

    state = {"w": jnp.array([1.0, 2.0]), "optimizer": {"v": jnp.zeros(2)}, "key": jax.random.key(seed), "i": 0}
    step = watch(jax.jit(train_step) if knobs["jitted"] else train_step, state=state)
    for i in range(steps):
        x = jnp.array([1.0, 1.0])
        if mechanism == "non-finite-input" and i == 2:
            x = x.at[1].set(jnp.nan)
        if mechanism == "non-finite-weight" and i == 2:
            step.training.state["w"] = jnp.array([jnp.inf, 1.0])
        step(x)
