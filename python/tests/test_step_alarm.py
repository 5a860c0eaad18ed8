"""A watched script is warned of overflow: from gauges, from modules' outputs, from weights and gradients."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

import nanproof
from nanproof.step_alarm import StepAlarm


class Plain:
    """What an alarm asks of a training."""

    def __init__(self, weight=1.0, output=None, loss=1.0):
        self.weight, self.output, self.result = weight, output, loss
        self.asked = []

    @contextmanager
    def outputs(self):
        yield {} if self.output is None else {"the output of cell": self.output}

    def loss(self, result):
        return result

    def magnitudes(self):
        self.asked.append(True)
        return {"max |weight|": self.weight}


def run(training, steps, gauges=lambda step: {}):
    alarm = StepAlarm()
    for step in range(1, steps + 1):
        with alarm.looking(training, step) as outputs:
            pass
        alarm.look(training, step, gauges(step), outputs, training.result)


def test_gauges_are_looked_at_in_every_step(capsys):
    run(Plain(), 40, lambda step: {"cell": 10.0 ** (step - 3)})
    assert capsys.readouterr().err == (
        "nanproof: warning: float32 may overflow: cell is past 1e21 at step 24; about step 67 if it grows on like this\n"
    )


def test_outputs_loss_and_weights_are_looked_at_in_every_tenth(capsys):
    training = Plain(output=1e30)
    run(training, 29)
    assert len(training.asked) == 2
    assert "the output of cell is past 1e30 at step 10" in capsys.readouterr().err
    run(Plain(weight=2e25, output=1.0), 10)
    assert "max |weight| is past 1e25 at step 10" in capsys.readouterr().err
    run(Plain(loss=-2e25, output=1.0), 10)
    assert "the loss is past 1e25 at step 10" in capsys.readouterr().err


def test_it_says_once_where_it_sees_weights_and_gradients_only(capsys):
    run(Plain(), 9)
    assert capsys.readouterr().err == ""
    run(Plain(), 40)
    assert capsys.readouterr().err.count("the early warning sees weights and gradients only") == 1
    run(Plain(output=1.0), 40)
    run(Plain(), 40, lambda step: {"cell": 1.0})
    assert capsys.readouterr().err == ""


def test_pytorch_shows_what_its_modules_put_out(capsys):
    torch = pytest.importorskip("torch")

    class Recurrent(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = torch.nn.Linear(1, 1, bias=False)
            self.cell.weight.data.fill_(10.0)

        def forward(self, x):
            for _ in range(30):
                x = self.cell(x)
            return x

    model = Recurrent()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)

    def train_step(x):
        optimizer.zero_grad()
        # What grows ends in nothing that the loss or a gradient shows.
        loss = torch.tanh(model(x) * 1e-30).sum() * 0
        loss.backward()
        optimizer.step()
        return loss

    step = nanproof.watch(train_step, model=model, optimizer=optimizer)
    for _ in range(12):
        step(torch.ones(2, 1))
    assert "nanproof: warning: float32 may overflow: the output of" in capsys.readouterr().err
    assert not model.cell._forward_hooks and not model._forward_hooks


def test_pytorch_with_a_gauge_needs_no_modules(capsys):
    torch = pytest.importorskip("torch")
    weight = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.Adam([weight], lr=1e-3)

    def train_step(x):
        optimizer.zero_grad()
        nanproof.gauge("cell", x * 3e24)
        loss = (weight * x).sum()
        loss.backward()
        optimizer.step()
        return loss

    step = nanproof.watch(train_step, model={"w": weight}, optimizer=optimizer)
    step(torch.ones(1))
    assert "cell is past 1e24 at step 1" in capsys.readouterr().err
