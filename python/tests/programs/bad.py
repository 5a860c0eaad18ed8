"""Programs that are wrong, one a case: the knob says how. No framework but the smallest training of PyTorch."""

import os
import sys
import threading
import time

import torch

from nanproof import choice, program

WAYS = [
    "none", "never-watched", "batch", "exit", "hard-exit", "throws", "two-watches", "loss", "swallows-some", "swallows",
    "returns-early", "endless", "prints", "gauge", "threads", "thrower-in-step", "large", "memory",
]  # fmt: skip


@program(
    knobs={"way": choice(WAYS)},
    steps=4,
    invariants=[{"name": "small", "check": lambda step, loss, gauges: None if loss < 3 else f"{loss} at {step}"}],
)
def train(knobs, seed, watch, steps, random):
    import nanproof

    way = knobs["way"]
    w = torch.nn.Parameter(torch.ones(2))
    optimizer = torch.optim.SGD([w], lr=0.1)

    def train_step(x):
        if way == "thrower-in-step" and len(calls) == 2:
            raise ValueError("a shape does not fit")  # thrower-in-step
        loss = (w * x).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        nanproof.gauge("own", x)
        return "no loss" if way == "loss" else loss

    calls = []
    if way == "never-watched":
        return
    step = watch(train_step, model={"w": w}, optimizer=optimizer)
    if way == "two-watches":
        step(torch.ones(2))
        watch(train_step, model={"w": w}, optimizer=optimizer)(torch.ones(2))  # two-watches
    if way == "threads":
        threading.Thread(target=time.sleep, args=(1000,)).start()
    for _ in range(steps + 200):
        calls.append(1)
        if way == "batch":
            step("a", None)  # batch
        if len(calls) == 2 and way == "exit":
            sys.exit(3)  # exit
        if len(calls) == 2 and way == "hard-exit":
            os._exit(7)
        if len(calls) == 2 and way == "throws":
            raise KeyError("an index")  # throws
        if len(calls) == 2 and way == "endless":
            while True:
                pass
        if len(calls) == 2 and way == "memory":
            kept = []
            for _ in range(48):
                kept.append(torch.ones(2**24))  # memory
                time.sleep(0.02)
        if way == "prints":
            print("to nobody's stdout", flush=True)
            os.write(1, b"nor here\n")
        large = 3 if way == "large" and len(calls) == 2 else 0
        try:
            step(torch.tensor(random.random(2) + large, dtype=torch.float32))
        except BaseException:
            if way not in ("swallows", "swallows-some", "returns-early") or (way == "swallows-some" and len(calls) > 50):
                raise
            if way == "returns-early":
                return
