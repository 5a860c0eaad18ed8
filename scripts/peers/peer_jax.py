"""The step in JAX: jit over the whole of it, lax.scan over the timesteps.

    python -m pip install jax==0.10.2 numpy==2.4.6

The same semantics as ours, but no masks (all rows are full). Layer after layer: the input product of all timesteps is
one matrix product before the scan. The state is donated, so Adam updates in place. x and y stay on the device,
time first. Each new shape is compiled anew at its first step.
"""

import os

# One thread. XLA reads both before the first array is made: the flags, and NPROC for its pool of threads.
os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"
os.environ.update(NPROC="1", JAX_PLATFORMS="cpu")

import jax
import jax.numpy as jnp
import numpy as np

from problem import BETA1, BETA2, FORGET_BIAS, TINY

ACTIVATIONS = {"relu": jax.nn.relu, "tanh": jnp.tanh}


def layer(kernel, bias, x, activation):
    """The outputs [time, batch, units] of an LSTM layer over x [time, batch, inputs]."""
    act, inputs = ACTIVATIONS[activation], x.shape[2]
    recurrent = kernel[inputs:]

    def cell(state, z):
        c, h = state
        i, j, f, o = jnp.split(z + h @ recurrent, 4, axis=1)
        c = jax.nn.sigmoid(f + FORGET_BIAS) * c + jax.nn.sigmoid(i) * act(j)
        h = jax.nn.sigmoid(o) * act(c)
        return (c, h), h

    zeros = jnp.zeros((x.shape[1], recurrent.shape[0]))
    return jax.lax.scan(cell, (zeros, zeros), x @ kernel[:inputs] + bias)[1]


def normalise(x):
    """tf.nn.l2_normalize along the embedding."""
    return x * jax.lax.rsqrt(jnp.maximum(jnp.sum(x * x, axis=2, keepdims=True), TINY))


class Training:
    """The run of a problem."""

    def __init__(self, problem):
        self.x, self.y = (jnp.asarray(np.swapaxes(array, 0, 1)) for array in (problem.x, problem.y))
        weights = jax.tree.map(jnp.array, list(problem.weights))
        self.state = (jnp.float32(0), weights, *(jax.tree.map(jnp.zeros_like, weights) for _ in range(2)))

        def loss_of(weights, x, y):
            for (kernel, bias), activation in zip(weights, problem.activations):
                x = layer(kernel, bias, x, activation)
            return jnp.mean(1 - jnp.sum(normalise(y) * normalise(x), axis=0))

        def step(state, x, y):
            t, weights, m, v = state
            t = t + 1
            loss, g = jax.value_and_grad(loss_of)(weights, x, y)
            m = jax.tree.map(lambda m, g: m + (g - m) * (1 - BETA1), m, g)
            v = jax.tree.map(lambda v, g: v + (g * g - v) * (1 - BETA2), v, g)
            left1, left2 = (-jnp.expm1(t * np.log(beta)) for beta in (BETA1, BETA2))  # 1 - beta^t, all its digits
            rate = problem.learning_rate * jnp.sqrt(left2) / left1
            weights = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + problem.epsilon), weights, m, v)
            return (t, weights, m, v), loss

        self.uncompiled = step
        self.compiled = jax.jit(step, donate_argnums=0)

    def step(self):
        """The whole step, waited for; returns the loss before the update."""
        self.state, loss = jax.block_until_ready(self.compiled(self.state, self.x, self.y))
        return float(loss)

    def weights(self):
        """(kernel, bias) of every layer, as Problem.weights has them."""
        return [tuple(map(np.asarray, layer)) for layer in self.state[1]]
