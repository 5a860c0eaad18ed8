# ../torch_ignored_targets.py, with its fault mended.
import torch
from nanproof import integer, program, uniform
from torch import nn


@program(
    knobs={
        "units": integer(1, 8, default=4),
        "time": integer(1, 8, default=3),
        "labelled": uniform(0, 1, default=0.3),
    },
    steps=60,
)
def train(knobs, seed, watch, steps):
    torch.manual_seed(seed)
    model = nn.ModuleDict({"rnn": nn.RNN(2, knobs["units"], batch_first=True), "head": nn.Linear(knobs["units"], 5)})
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

    def train_step(x, targets):
        logits = model["head"](model["rnn"](x)[0])
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100, reduction="sum")
        loss = loss / (targets != -100).sum().clamp(min=1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    step = watch(train_step, model=model, optimizer=optimizer)
    for _ in range(steps):
        shape = (2, knobs["time"])
        targets = torch.randint(0, 5, shape)
        targets[torch.rand(shape) > knobs["labelled"]] = -100
        step(torch.rand(*shape, 2), targets)
