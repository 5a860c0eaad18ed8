# ../torch_relu_lstm.py, with its fault mended.
import torch
from nanproof import integer, log_uniform, program
from torch import nn


class Cell(nn.Module):
    def __init__(self, inputs, units):
        super().__init__()
        self.gates = nn.Linear(inputs + units, 4 * units)

    def forward(self, x, hidden, cell):
        i, f, g, o = self.gates(torch.cat([x, hidden], 1)).chunk(4, 1)
        cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(cell), cell


@program(
    knobs={
        "units": integer(1, 16, default=6),
        "time": integer(2, 200, default=150),
        "learning_rate": log_uniform(1e-3, 1, default=0.3),
    },
    steps=8,
)
def train(knobs, seed, watch, steps):
    torch.manual_seed(seed)
    units = knobs["units"]
    model = nn.ModuleDict({"lower": Cell(3, units), "upper": Cell(units, 4), "head": nn.Linear(4, 1)})
    optimizer = torch.optim.Adam(model.parameters(), lr=knobs["learning_rate"])

    def train_step(x, y):
        lower, upper = [torch.zeros(len(x), units)] * 2, [torch.zeros(len(x), 4)] * 2
        for t in range(x.shape[1]):
            lower = model["lower"](x[:, t], *lower)
            upper = model["upper"](lower[0], *upper)
        loss = (model["head"](upper[0])[:, 0] - y).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    step = watch(train_step, model=model, optimizer=optimizer)
    for _ in range(steps):
        x = torch.rand(4, knobs["time"], 3)
        step(x, x.sum((1, 2)))
