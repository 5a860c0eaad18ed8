# ../torch_masked_attention.py, with its fault mended.
import torch
from nanproof import integer, lengths, program
from torch import nn


@program(
    knobs={
        "units": integer(1, 6, default=4),
        "window": integer(1, 8, default=2),
        "lengths": lengths(rows=(1, 4), time=(1, 8), default=[8, 6, 4]),
    },
    steps=10,
)
def train(knobs, seed, watch, steps):
    torch.manual_seed(seed)
    rows, time = len(knobs["lengths"]), max(knobs["lengths"])
    model = nn.ModuleDict(
        {
            "rnn": nn.GRU(2, knobs["units"], batch_first=True),
            "attention": nn.MultiheadAttention(knobs["units"], 1, batch_first=True),
            "head": nn.Linear(knobs["units"], 1),
        }
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

    def train_step(x, y, lengths):
        places = torch.arange(x.shape[1])
        distance = places[:, None] - places[None]
        far = (distance < 0) | (distance >= knobs["window"])
        padding = places[None] >= lengths[:, None]
        # Every timestep may look at itself.
        hidden_from = (far | padding[:, None]) & (distance != 0)
        hidden, _ = model["rnn"](x)
        attended, _ = model["attention"](hidden, hidden, hidden, attn_mask=hidden_from)
        errors = (model["head"](attended)[..., 0] - y).square()
        loss = errors[~padding].mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    step = watch(train_step, model=model, optimizer=optimizer)
    for _ in range(steps):
        x = torch.rand(rows, time, 2)
        step(x, x.sum(2), torch.tensor(knobs["lengths"]))
