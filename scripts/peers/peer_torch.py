"""The step in PyTorch, eager: the cells written out, since nn.LSTM has no relu.

    python -m pip install torch==2.15.0 numpy==2.4.6

The same semantics as ours, but no masks (all rows are full). Layer after layer: the input product of all timesteps is
one matrix product; a timestep is one addmm and the gates. Adam is torch.optim.Adam(fused=True) with its epsilon set
anew at each step, which makes it TF1's form (`tf1_adam`). x and y are stored time first.
"""

import numpy as np
import torch

from problem import BETA1, BETA2, FORGET_BIAS, TINY

torch.set_num_threads(1)
torch.set_num_interop_threads(1)

ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh}


def layer(x, w_x, w_h, bias, activation):
    """The outputs [time, batch, units] of an LSTM layer over x [time, batch, inputs]."""
    act, outputs = ACTIVATIONS[activation], []
    c = h = x.new_zeros(x.shape[1], w_h.shape[0])
    for z in (x @ w_x + bias).unbind(0):
        i, j, f, o = torch.addmm(z, h, w_h).chunk(4, dim=1)
        c = torch.sigmoid(f + FORGET_BIAS) * c + torch.sigmoid(i) * act(j)
        h = torch.sigmoid(o) * act(c)
        outputs.append(h)
    return torch.stack(outputs)


def normalise(x):
    """tf.nn.l2_normalize along the embedding."""
    return x * torch.rsqrt(torch.clamp((x * x).sum(dim=2, keepdim=True), min=TINY))


def cosine_distance(y, outputs):
    """The loss, time first."""
    return (1 - (normalise(y) * normalise(outputs)).sum(dim=0)).mean()


def tf1_adam(optimizer, problem, t):
    """Step t, from 1. PyTorch divides epsilon's companion sqrt(v) by sqrt(1 - b2^t): divided too, epsilon is TF1's."""
    optimizer.param_groups[0]["eps"] = problem.epsilon / (1 - BETA2**t) ** 0.5
    optimizer.step()


class Training:
    """The run of a problem."""

    def __init__(self, problem):
        self.problem, self.t = problem, 0
        self.x, self.y = (torch.tensor(np.swapaxes(array, 0, 1).copy()) for array in (problem.x, problem.y))
        self.layers = []
        for kernel, bias in problem.weights:
            parts = kernel[: -len(bias) // 4], kernel[-len(bias) // 4 :], bias
            self.layers.append([torch.tensor(part, requires_grad=True) for part in parts])
        parameters = [part for layer in self.layers for part in layer]
        self.optimizer = torch.optim.Adam(parameters, problem.learning_rate, (BETA1, BETA2), fused=True)

    def step(self):
        """The whole step; returns the loss before the update."""
        outputs = self.x
        for parts, activation in zip(self.layers, self.problem.activations):
            outputs = layer(outputs, *parts, activation)
        loss = cosine_distance(self.y, outputs)
        self.optimizer.zero_grad()
        loss.backward()
        self.t += 1
        tf1_adam(self.optimizer, self.problem, self.t)
        return loss.item()

    def weights(self):
        """(kernel, bias) of every layer, as Problem.weights has them."""
        arrays = [[part.detach().numpy() for part in layer] for layer in self.layers]
        return [(np.concatenate([w_x, w_h]), bias) for w_x, w_h, bias in arrays]
