"""Trainings of PyTorch that live, with all that a state can have: optimizers, schedulers, a scaler, batch norm, dropout."""

import random as python_random

import numpy as np
import torch
from nanproof import choice, program

OPTIMIZERS = [
    "Adam",
    "AdamFused",
    "AdamW",
    "SGD",
    "Momentum",
    "Adagrad",
    "RMSprop",
    "NAdam",
    "Adadelta",
    "Rprop",
    "ASGD",
    "Adamax",
]
MORE = ["none", "step", "plateau", "onecycle", "scaler", "two", "inplace", "clip", "lstm", "overflowing-scaler"]


@program(knobs={"optimizer": choice(OPTIMIZERS), "more": choice(MORE), "rate": choice([0.01, 0.02])}, steps=12)
def train(knobs, seed, watch, steps):
    more, rate = knobs["more"], knobs["rate"]
    if more == "lstm":

        class Net(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.cell, self.head = torch.nn.LSTMCell(3, 4), torch.nn.Linear(4, 1)

            def forward(self, x):
                state = None
                for t in range(9):
                    state = self.cell(x * t, state)  # cell
                return self.head(state[0])

        net = Net()
    else:
        net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Dropout(0.5), torch.nn.Linear(4, 1))
    kinds = {
        "AdamFused": lambda p: torch.optim.Adam(p, lr=rate, fused=True),
        "Momentum": lambda p: torch.optim.SGD(p, lr=rate, momentum=0.9),
    }
    make = kinds.get(knobs["optimizer"]) or (lambda p: getattr(torch.optim, knobs["optimizer"])(p, lr=rate))
    optimizer = make(net.parameters())
    parts = {"model": net, "optimizer": optimizer}
    scheduler = {
        "step": lambda: torch.optim.lr_scheduler.StepLR(optimizer, 2),
        "plateau": lambda: torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=0),
        "onecycle": lambda: torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=50),
    }.get(more, lambda: None)()
    if scheduler is not None:
        parts["scheduler"] = scheduler
    scaler = (
        torch.amp.GradScaler(torch.get_default_device().type, init_scale=2.0**8, growth_interval=3)
        if "scaler" in more
        else None
    )
    if scaler is not None:
        parts["scaler"] = scaler
    if more == "two":
        other = torch.nn.Linear(3, 1)
        parts["model"] = {"net": net, "other": other}
        parts["optimizer"] = [optimizer, torch.optim.Adam(other.parameters())]

    def train_step(x, y):
        optimizer.zero_grad()
        out = net(x)
        if more == "two":
            parts["optimizer"][1].zero_grad()
            out = out + other(x)
        if more == "inplace":
            out = torch.zeros_like(out).copy_(out).mul_(2.0)
            out[0] += 1  # inplace
        noise = float(np.random.rand()) + python_random.random() + float(torch.rand(()))
        loss = ((out - y) ** 2).mean() * (1 + 0.1 * noise)
        if scaler is None:
            loss.backward()
            if more == "clip":
                torch.nn.utils.clip_grad_norm_(net.parameters(), 0.01)
            optimizer.step()
        else:
            scaler.scale(loss * (float("inf") if False else 1)).backward()
            if more == "overflowing-scaler" and float(y[0]) > 0.5:
                net[0].weight.grad[0, 0] = torch.inf
            scaler.step(optimizer)
            scaler.update()
        if more == "two":
            parts["optimizer"][1].step()
        if scheduler is not None:
            scheduler.step(*([loss.detach()] if more == "plateau" else []))
        return {"loss": loss, "lr": optimizer.param_groups[0]["lr"]}

    step = watch(train_step, **parts)
    for i in range(steps):
        step(torch.rand(6, 3), torch.full((6, 1), float(i % 2)))
