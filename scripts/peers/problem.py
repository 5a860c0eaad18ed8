"""The training step that every peer runs, as numbers: the step `nanproof bench` times (src/programs/lstm/engines/bench.ts).

Three LSTM layers (relu, relu, tanh) over full rows, so no masks; the cosine distance along time of targets and
outputs, both normalised along the embedding as tf.nn.l2_normalize does; TF1's Adam. Float32. twin.py has the maths.
"""

from dataclasses import dataclass

import numpy as np

BETA1, BETA2 = 0.9, 0.999
FORGET_BIAS = 1.0  # added at run time, in front of the sigmoid
TINY = 1e-12  # the least sum of squares that l2_normalize divides by
PUBLISHED = ("relu", "relu", "tanh")


@dataclass(frozen=True)
class Problem:
    """One batch and the weights to start from, all float32."""

    x: np.ndarray
    """[batch, time, inputs]"""
    y: np.ndarray
    """[batch, time, units]"""
    weights: tuple
    """(kernel [inputs + units, 4 units], bias [4 units]) of every layer; gates in the order i, j, f, o."""
    activations: tuple = PUBLISHED
    """Of the candidate and of the output, layer by layer."""
    learning_rate: float = 1e-6  # so small that thousands of steps on one batch stay in the ordinary range of numbers
    epsilon: float = 1e-8


def draw(units, batch, time, inputs=None, bias=0.0, **fields):
    """A problem with Glorot uniform kernels and Gaussian sequences, as bench.ts draws them; biases within +-bias."""
    rng, inputs = np.random.default_rng(1), inputs or units
    weights = []
    for below in (inputs, units, units):
        limit = np.sqrt(6 / (below + 5 * units))
        kernel, biases = rng.uniform(-limit, limit, (below + units, 4 * units)), rng.uniform(-bias, bias, 4 * units)
        weights.append((kernel.astype(np.float32), biases.astype(np.float32)))
    x = 0.4 * rng.standard_normal((batch, time, inputs))
    y = rng.standard_normal((batch, time, units))
    return Problem(x.astype(np.float32), y.astype(np.float32), tuple(weights), **fields)
