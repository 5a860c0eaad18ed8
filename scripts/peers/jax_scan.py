"""The step in JAX: one jitted function, the recurrence a lax.scan."""

from timing import ACTIVATIONS, measure, report

import jax
import jax.numpy as jnp

ACTIVATE = {"relu": jax.nn.relu, "tanh": jnp.tanh}


def unit_vectors(x):
    return x * jax.lax.rsqrt(jnp.maximum(jnp.sum(x * x, -1, keepdims=True), 1e-12))


def layer(parameters, activation, x):
    """x [time, batch, inputs] -> [time, batch, units]."""
    kernel, bias = parameters
    units = bias.shape[0] // 4
    inputs = x.shape[-1]
    projected = x @ kernel[:inputs] + bias
    act = ACTIVATE[activation]

    def cell(state, z):
        h, c = state
        i, j, f, o = jnp.split(z + h @ kernel[inputs:], 4, axis=-1)
        c = jax.nn.sigmoid(f + 1) * c + jax.nn.sigmoid(i) * act(j)
        h = jax.nn.sigmoid(o) * act(c)
        return (h, c), h

    zero = jnp.zeros((x.shape[1], units), x.dtype)
    return jax.lax.scan(cell, (zero, zero), projected)[1]


def loss(weights, x, y):
    for parameters, activation in zip(weights, ACTIVATIONS):
        x = layer(parameters, activation, x)
    return jnp.mean(1 - jnp.sum(unit_vectors(x) * unit_vectors(y), axis=0))


@jax.jit
def train(weights, first, second, t, x, y):
    value, gradients = jax.value_and_grad(loss)(weights, x, y)
    rate = 1e-4 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    tree = jax.tree_util.tree_map
    first = tree(lambda m, g: m + (g - m) * 0.1, first, gradients)
    second = tree(lambda v, g: v + (g * g - v) * 0.001, second, gradients)
    weights = tree(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-8), weights, first, second)
    return value, weights, first, second


def make_step(units, batch, time):
    keys = iter(jax.random.split(jax.random.PRNGKey(0), 8))
    limit = (6 / (6 * units)) ** 0.5
    weights = [
        (jax.random.uniform(next(keys), (2 * units, 4 * units), minval=-limit, maxval=limit), jnp.zeros(4 * units))
        for _ in ACTIVATIONS
    ]
    zeros = jax.tree_util.tree_map(jnp.zeros_like, weights)
    x = 0.4 * jax.random.normal(next(keys), (time, batch, units))
    y = jax.random.normal(next(keys), (time, batch, units))
    state = [weights, zeros, zeros, 0]

    def step():
        state[3] += 1
        value, *state[:3] = train(*state[:3], jnp.float32(state[3]), x, y)
        value.block_until_ready()
        jax.block_until_ready(state[0])

    return step


report(measure("jax", make_step))
