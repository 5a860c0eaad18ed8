"""A script of a person's own: its loss takes the logarithm of a weight that reaches 0."""

import torch

import nanproof

w = torch.nn.Parameter(torch.tensor([1.0, 0.25]))
optimizer = torch.optim.Adam([w], lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)


def train_step(x):
    optimizer.zero_grad()
    loss = -torch.log(torch.relu(w - x)).mean()  # dies here
    loss.backward()
    optimizer.step()
    scheduler.step()
    return loss


step = nanproof.watch(train_step, model={"w": w}, optimizer=optimizer, scheduler=scheduler)
for i in range(6):
    loss = step(torch.tensor([0.0, i * 3.0]))
    print(i, loss.item())
