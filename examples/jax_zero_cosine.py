# https://github.com/jax-ml/jax/issues/3058: vectors are divided by their norm, here for the cosine between a
# recurrent network's output and its target. The gradient of the norm of a vector of zeros is NaN.
import jax
import jax.numpy as jnp
from nanproof import integer, program, uniform


def normalized(vectors):
    return vectors / (jnp.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-8)


def loss_of(weights, x, y):
    def cell(hidden, inputs):
        hidden = jnp.tanh(inputs @ weights["kernel"] + hidden @ weights["recurrent"])
        return hidden, None

    hidden, _ = jax.lax.scan(cell, jnp.zeros((x.shape[1], weights["recurrent"].shape[0])), x)
    return 1 - (normalized(hidden) * normalized(y)).sum(-1).mean()


@program(
    knobs={
        "units": integer(1, 8, default=3),
        "time": integer(1, 16, default=6),
        "unknown": uniform(0, 1, default=0.1),
    },
    steps=40,
)
def train(knobs, seed, watch, steps, random):
    units, time = knobs["units"], knobs["time"]
    keys = jax.random.split(jax.random.key(seed), 2)
    weights = {
        "kernel": jax.random.normal(keys[0], (2, units)) * 0.5,
        "recurrent": jax.random.normal(keys[1], (units, units)) * 0.5,
    }

    @jax.jit
    def train_step(weights, x, y):
        loss, gradients = jax.value_and_grad(loss_of)(weights, x, y)
        return jax.tree.map(lambda weight, gradient: weight - 0.1 * gradient, weights, gradients), loss

    step = watch(train_step, state=weights)
    for _ in range(steps):
        x = random.standard_normal((time, 4, 2), dtype="float32")
        # The embedding of an unknown word is 0; a sentence may have unknown words only.
        x[:, random.random(4) < knobs["unknown"]] = 0
        step(jnp.asarray(x), jnp.asarray(random.standard_normal((4, units), dtype="float32")))
