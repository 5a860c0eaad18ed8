"""A planted death for every mechanism, in PyTorch: the knob says which."""

import torch

from nanproof import choice, program

MECHANISMS = [
    "log-of-zero", "log-of-negative", "exp-overflow", "division-by-zero", "zero-over-zero", "reciprocal-overflow",
    "root-gradient-at-zero", "masked-branch", "infinity-minus-infinity", "product-overflow", "sum-of-squares-overflow",
    "recurrence-overflow", "softmax-of-nothing", "half-precision-overflow", "second-moment-overflow", "update-overflow",
    "non-finite-clip-norm", "non-finite-input", "non-finite-weight", "innocent",
]  # fmt: skip


def log_of_zero(w, x):
    return torch.log(torch.relu(w - 5)).sum()  # log-of-zero


def log_of_negative(w, x):
    return torch.log(-w).sum()  # log-of-negative


def exp_overflow(w, x):
    return torch.exp(w * 100).sum()  # exp-overflow


def division_by_zero(w, x):
    return (w / (x - 1)).sum()  # division-by-zero


def zero_over_zero(w, x):
    return ((w - w) / (x - 1)).sum()  # zero-over-zero


def reciprocal_overflow(w, x):
    return -(torch.log(w * 1e-40)).sum() * 1.0  # reciprocal-overflow


def root_gradient_at_zero(w, x):
    return torch.sqrt(torch.square(w - w.detach()).sum())  # root-gradient-at-zero


def masked_branch(w, x):
    logs = torch.log(w * (x - 1))  # masked-branch
    return torch.where(x > 1, logs, torch.zeros_like(logs)).sum()


def infinity_minus_infinity(w, x):
    return (w - torch.inf * x + torch.inf).sum()  # infinity-minus-infinity


def product_overflow(w, x):
    return ((w * 1e30) * (x * 1e30)).sum()  # product-overflow


def sum_of_squares_overflow(w, x):
    return torch.square(w * 1e25).sum()  # sum-of-squares-overflow


def recurrence_overflow(w, x):
    hidden = torch.ones(2, 2)
    for t in range(70):
        hidden = torch.relu(hidden @ (4 * torch.eye(2) * w[0])) + x[0]  # recurrence-overflow
    return hidden.mean()


def softmax_of_nothing(w, x):
    mask = torch.tensor([[0.0, 0.0], [-torch.inf, -torch.inf]])
    return torch.softmax(w + mask, 1).sum()  # softmax-of-nothing


def half_precision_overflow(w, x):
    return (w.half() * 60000).float().sum()  # half-precision-overflow


def second_moment_overflow(w, x):
    return (w * x * 1e25).sum()


def update_overflow(w, x):
    return (w * x * 1e30).sum()


def innocent(w, x):
    mask = torch.tensor([0.0, -torch.inf])
    return (torch.softmax(w + mask, 0) * w).sum()


def non_finite(w, x):
    return (w * x).sum()  # non-finite-input # non-finite-weight


@program(knobs={"mechanism": choice(MECHANISMS)}, steps=5)
def train(knobs, seed, watch, steps):
    torch.manual_seed(seed)
    mechanism = knobs["mechanism"]
    loss_of = {
        "non-finite-clip-norm": second_moment_overflow, "non-finite-input": non_finite, "non-finite-weight": non_finite,
    }.get(mechanism) or globals()[mechanism.replace("-", "_")]  # fmt: skip
    w = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    kind = {"update-overflow": lambda p: torch.optim.SGD(p, lr=1e10)}.get(mechanism, lambda p: torch.optim.Adam(p, lr=0.01))
    optimizer = kind([w])

    def train_step(x):
        optimizer.zero_grad()
        loss = loss_of(w, x)
        loss.backward()
        if mechanism == "non-finite-clip-norm":
            norm = torch.sqrt(torch.square(w.grad).sum())  # non-finite-clip-norm
            w.grad.mul_((1 / norm) * (norm - norm + 1))
        optimizer.step()  # second-moment-overflow # update-overflow
        return loss

    step = watch(train_step, model={"w": w}, optimizer=optimizer)
    for i in range(steps):
        x = torch.tensor([1.0, 1.0])
        if mechanism == "non-finite-input" and i == 2:
            x[1] = torch.nan
        if mechanism == "non-finite-weight" and i == 2:
            with torch.no_grad():
                w[0] = torch.inf
        step(x)
