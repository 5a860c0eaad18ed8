# ../jax_masked_root.py, with its fault mended.
import jax
import jax.numpy as jnp
from nanproof import integer, program, uniform


def distance(moved):
    squared = jnp.sum(moved**2, axis=1, keepdims=True)
    return jnp.sqrt(jnp.where(squared > 0.25, squared, 1.0))


def loss_of(weights, x, y):
    hidden = jnp.zeros((x.shape[0], weights["recurrent"].shape[0]))
    for t in range(x.shape[1]):
        before = hidden
        hidden = jnp.tanh(x[:, t] @ weights["kernel"] + hidden @ weights["recurrent"])
        hidden = hidden / distance(hidden - before)
    return ((hidden.mean(1) - y) ** 2).mean()


@program(
    knobs={
        "units": integer(1, 6, default=3),
        "time": integer(1, 10, default=4),
        "silence": uniform(0, 1, default=0.05),
    },
    steps=40,
)
def train(knobs, seed, watch, steps, random):
    units, time = knobs["units"], knobs["time"]
    keys = jax.random.split(jax.random.key(seed), 2)
    weights = {
        "kernel": jax.random.normal(keys[0], (2, units)),
        "recurrent": jax.random.normal(keys[1], (units, units)),
    }

    @jax.jit
    def train_step(weights, x, y):
        loss, gradients = jax.value_and_grad(loss_of)(weights, x, y)
        return jax.tree.map(lambda weight, gradient: weight - 0.05 * gradient, weights, gradients), loss

    step = watch(train_step, state=weights)
    for _ in range(steps):
        x = random.standard_normal((4, time, 2), dtype="float32")
        # Some sequences begin with silence.
        x[random.random(4) < knobs["silence"], 0] = 0
        step(jnp.asarray(x), jnp.asarray(random.random(4, dtype="float32")))
