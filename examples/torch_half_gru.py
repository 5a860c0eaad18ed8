# https://github.com/pytorch/pytorch/issues/40497: what trains in float32 gives NaN in mixed precision. Here a
# light GRU, whose candidate is a relu: a state of some hundreds is nothing, but the penalty on large states
# squares it, and past 65504 a float16 is Infinity.
import torch
from nanproof import integer, log_uniform, program
from torch import nn


class LightGRU(nn.Module):
    def __init__(self, inputs, units):
        super().__init__()
        self.input = nn.Linear(inputs, 2 * units)
        self.recurrent = nn.Linear(units, 2 * units, bias=False)

    def forward(self, x):
        inputs = self.input(x)
        hidden = inputs.new_zeros(len(x), self.recurrent.in_features)
        for part in inputs.unbind(1):
            update, candidate = (part + self.recurrent(hidden)).chunk(2, 1)
            update = torch.sigmoid(update)
            hidden = update * hidden + (1 - update) * torch.relu(candidate)
        return hidden


@program(
    knobs={
        "units": integer(1, 12, default=8),
        "time": integer(1, 30, default=10),
        "loudness": log_uniform(1, 1e4, default=300),
    },
    steps=40,
)
def train(knobs, seed, watch, steps):
    torch.manual_seed(seed)
    model = nn.ModuleDict({"gru": LightGRU(2, knobs["units"]), "head": nn.Linear(knobs["units"], 2)})
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)

    def train_step(x, y):
        with torch.autocast(x.device.type, dtype=torch.float16):
            hidden = model["gru"](x)
            logits = model["head"](hidden)
            penalty = (hidden * hidden).mean()
        loss = nn.functional.cross_entropy(logits.float(), y) + 1e-6 * penalty
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    step = watch(train_step, model=model, optimizer=optimizer)
    for _ in range(steps):
        x = torch.rand(4, knobs["time"], 2) * knobs["loudness"]
        step(x, torch.randint(0, 2, (4,)))
