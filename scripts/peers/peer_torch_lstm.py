"""The step with PyTorch's nn.LSTM: all three layers in one call.

    python -m pip install torch==2.15.0 numpy==2.4.6

nn.LSTM's activation is tanh, so this is another program: tanh in all three layers, where ours has relu, relu, tanh
(the amount of work is the same). Also different: gates in the order i, f, g, o; two biases, of which the second stays
zero and is not trained; the forget bias 1 is a part of the first. Else as peer_torch.py.
"""

import numpy as np
import torch

from peer_torch import BETA1, BETA2, FORGET_BIAS, cosine_distance, tf1_adam

TANH = ("tanh",) * 3


def swap_gates(array):
    """i, j, f, o to i, f, j, o along the last axis, or back."""
    i, j, f, o = np.split(array, 4, axis=-1)
    return np.concatenate([i, f, j, o], axis=-1)


class Training:
    """The run of a problem; its activations must be TANH."""

    def __init__(self, problem):
        if problem.activations != TANH:
            raise ValueError(f"activations are {problem.activations}; nn.LSTM has only tanh")
        self.problem, self.t = problem, 0
        self.x, self.y = (torch.tensor(np.swapaxes(array, 0, 1).copy()) for array in (problem.x, problem.y))
        self.lstm = torch.nn.LSTM(problem.x.shape[2], problem.y.shape[2], num_layers=3)
        self.forget = FORGET_BIAS * np.repeat(np.float32([0, 0, 1, 0]), problem.y.shape[2])
        for (kernel, bias), (w_x, w_h, b_x, b_h) in zip(problem.weights, self.lstm.all_weights):
            kernel, inputs = torch.tensor(swap_gates(kernel).T.copy()), w_x.shape[1]
            w_x.data.copy_(kernel[:, :inputs])
            w_h.data.copy_(kernel[:, inputs:])
            b_x.data.copy_(torch.tensor(swap_gates(bias + self.forget)))
            b_h.requires_grad_(False).zero_()
        trained = [part for part in self.lstm.parameters() if part.requires_grad]
        self.optimizer = torch.optim.Adam(trained, problem.learning_rate, (BETA1, BETA2), fused=True)

    def step(self):
        """The whole step; returns the loss before the update."""
        loss = cosine_distance(self.y, self.lstm(self.x)[0])
        self.optimizer.zero_grad()
        loss.backward()
        self.t += 1
        tf1_adam(self.optimizer, self.problem, self.t)
        return loss.item()

    def weights(self):
        """(kernel, bias) of every layer, as Problem.weights has them."""
        arrays = [[part.detach().numpy() for part in layer] for layer in self.lstm.all_weights]
        kernels = [swap_gates(np.concatenate([w_x, w_h], axis=1).T) for w_x, w_h, *_ in arrays]
        return [(kernel, swap_gates(b_x) - self.forget) for kernel, (_, _, b_x, _) in zip(kernels, arrays)]
