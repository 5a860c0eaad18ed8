"""The program that nanproof began with, in PyTorch and small: relu, relu and tanh cells, cosine loss over the timesteps, Adam."""

import torch
from nanproof import integer, log_uniform, program
from torch import nn
from torch.nn.functional import normalize

ACTIVATIONS = (torch.relu, torch.relu, torch.tanh)


@program(
    knobs={
        "units": integer(4, 16, default=8),
        "time": integer(32, 64, default=64),
        "learning_rate": log_uniform(0.01, 0.3, default=0.1),
    },
    steps=300,
)
def train(knobs, seed, watch, steps):
    torch.manual_seed(seed)
    units, time = knobs["units"], knobs["time"]
    cells = nn.ModuleList(nn.Linear(2 * units, 4 * units) for _ in ACTIVATIONS)
    for cell in cells:
        nn.init.xavier_uniform_(cell.weight)
        nn.init.zeros_(cell.bias)
    optimizer = torch.optim.Adam(cells.parameters(), lr=knobs["learning_rate"])

    def train_step(x, y):
        cells_seen = []
        for layer, activation in zip(cells, ACTIVATIONS, strict=True):
            hidden = cell = torch.zeros(len(x), units)
            outputs = []
            for part in x.unbind(1):
                i, j, f, o = layer(torch.cat([part, hidden], 1)).chunk(4, 1)
                cell = cell * torch.sigmoid(f + 1) + torch.sigmoid(i) * activation(j)
                hidden = activation(cell) * torch.sigmoid(o)
                outputs.append(hidden)
                cells_seen.append(cell)
            x = torch.stack(outputs, 1)
        loss = (1 - (normalize(x, dim=1, eps=1e-6) * normalize(y, dim=1, eps=1e-6)).sum(1)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    step = watch(train_step, model=cells, optimizer=optimizer)
    batches = [(torch.randn(4, time, units) * 0.4, torch.randn(4, time, units) * 0.4) for _ in range(3)]
    for k in range(steps):
        step(*batches[k % len(batches)])
