"""The step in numpy's float64, its gradient derived by hand: what `time_peers.py --check` holds the peers to.

A cell, with a its activation and z = [x, h_before] kernel + bias split into i, j, f, o:

    c = sigmoid(f + 1) c_before + sigmoid(i) a(j),   h = sigmoid(o) a(c)

The loss is the mean over batch and embedding of 1 - sum over time of l2_normalize(y) l2_normalize(h_top). Adam, with g
the gradient: m += (g - m)(1 - b1), v += (g^2 - v)(1 - b2), w -= rate sqrt(1 - b2^t) / (1 - b1^t) m / (sqrt(v) + epsilon).
"""

import numpy as np

from problem import BETA1, BETA2, FORGET_BIAS, TINY

SLOPES = {"relu": lambda out: out > 0, "tanh": lambda out: 1 - out**2}  # a' from a's own value
ACTIVATIONS = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class Training:
    """The run of a problem in float64; the same methods as every peer's."""

    def __init__(self, problem):
        self.problem, self.t = problem, 0
        self.layers = [[np.float64(part) for part in layer] for layer in problem.weights]
        self.m, self.v = ([[np.zeros_like(part) for part in layer] for layer in self.layers] for _ in range(2))

    def step(self):
        """Forward, loss, backward and Adam's update; returns the loss before the update."""
        problem = self.problem
        x, tapes = np.float64(problem.x), []
        for (kernel, bias), activation in zip(self.layers, problem.activations):
            x, tape = forward(x, kernel, bias, activation)
            tapes.append(tape)
        loss, d_out = cosine_distance(np.float64(problem.y), x)
        gradients = []
        for (kernel, _), tape, activation in reversed(list(zip(self.layers, tapes, problem.activations))):
            d_out, *gradient = backward(d_out, kernel, tape, activation)
            gradients.insert(0, gradient)
        self.update(gradients)
        return loss

    def update(self, gradients):
        """Adam in TF1's form, where epsilon is not divided by the correction of v."""
        self.t += 1
        rate = self.problem.learning_rate * np.sqrt(1 - BETA2**self.t) / (1 - BETA1**self.t)
        for layers in zip(self.layers, self.m, self.v, gradients):
            for w, m, v, g in zip(*layers):
                m += (g - m) * (1 - BETA1)
                v += (g**2 - v) * (1 - BETA2)
                w -= rate * m / (np.sqrt(v) + self.problem.epsilon)

    def weights(self):
        """(kernel, bias) of every layer, as Problem.weights has them."""
        return [tuple(layer) for layer in self.layers]


def forward(x, kernel, bias, activation):
    """A layer's outputs [batch, time, units] from x [batch, time, inputs], and what backward needs of each timestep."""
    act, tape, outputs = ACTIVATIONS[activation], [], []
    c = h = np.zeros((len(x), len(bias) // 4))
    for t in range(x.shape[1]):
        both, before = np.hstack([x[:, t], h]), c
        i, j, f, o = np.split(both @ kernel + bias, 4, axis=1)
        i, j, f, o = sigmoid(i), act(j), sigmoid(f + FORGET_BIAS), sigmoid(o)
        c = f * before + i * j
        h = o * act(c)
        tape.append((both, before, i, j, f, o, act(c)))
        outputs.append(h)
    return np.stack(outputs, axis=1), tape


def backward(d_out, kernel, tape, activation):
    """Gradients of a layer's x, kernel and bias from d_out, the gradient of its outputs."""
    slope, units = SLOPES[activation], d_out.shape[2]
    d_x, d_kernel, d_bias = [], np.zeros_like(kernel), np.zeros(4 * units)
    d_h = d_c = np.zeros_like(d_out[:, 0])
    for t in reversed(range(len(tape))):
        both, before, i, j, f, o, a = tape[t]
        d_h = d_h + d_out[:, t]
        d_c = d_c + d_h * o * slope(a)
        d_z = [d_c * j * i * (1 - i), d_c * i * slope(j), d_c * before * f * (1 - f), d_h * a * o * (1 - o)]
        d_z = np.hstack(d_z)
        d_kernel += both.T @ d_z
        d_bias += d_z.sum(axis=0)
        d_both, d_c = d_z @ kernel.T, d_c * f
        d_x.insert(0, d_both[:, :-units])
        d_h = d_both[:, -units:]
    return np.stack(d_x, axis=1), d_kernel, d_bias


def cosine_distance(y, outputs):
    """The loss, and its gradient by the outputs [batch, time, units]."""
    square = (outputs**2).sum(axis=2, keepdims=True)
    scale = np.maximum(square, TINY) ** -0.5
    unit_y = y * np.maximum((y**2).sum(axis=2, keepdims=True), TINY) ** -0.5
    unit = outputs * scale
    loss = np.mean(1 - (unit_y * unit).sum(axis=1))
    d_unit = -unit_y / (outputs.shape[0] * outputs.shape[2])
    through_scale = (square > TINY) * unit * (d_unit * unit).sum(axis=2, keepdims=True)
    return loss, scale * (d_unit - through_scale)
