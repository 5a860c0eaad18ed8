"""The step in JAX for many cases at once: vmap over the step of peer_jax.py, what one would write to run a hunt in JAX.

    python -m pip install jax==0.10.2 numpy==2.4.6

CASES runs of one shape take their step in one call, each with a state and a batch of its own; the time of a step is that of the call
divided by CASES. A hunt's cases differ in shape: each shape is compiled anew, which is not counted here.
"""

import peer_jax
from peer_jax import jax, jnp

CASES = 16


class Training:
    """CASES runs of a problem, in step."""

    steps_at_once = CASES

    def __init__(self, problem):
        one = peer_jax.Training(problem)
        stack = lambda array: jnp.stack([array] * CASES)
        self.x, self.y = stack(one.x), stack(one.y)
        self.state = jax.tree.map(stack, one.state)
        self.compiled = jax.jit(jax.vmap(one.uncompiled), donate_argnums=0)

    def step(self):
        """The whole step of all, waited for; returns the first one's loss before the update."""
        self.state, losses = jax.block_until_ready(self.compiled(self.state, self.x, self.y))
        return float(losses[0])

    def weights(self):
        """(kernel, bias) of every layer of the last run, as Problem.weights has them."""
        return [tuple(peer_jax.np.asarray(part[-1]) for part in layer) for layer in self.state[1]]
