import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import nanproof  # the folder beside this file: it sets the process up, which ends with 125 where anything fails
from nanproof.tensors import batch_like, read, restore_randoms
from numpy import isfinite, isnan


def first_step(training, batch):
    state, found = (read(os.path.join(HERE, f"{name}.safetensors")) for name in ("state", "batch"))
    training.prepare(batch)
    training.restore(state)
    restore_randoms(state, nanproof.GENERATOR)
    loss = nanproof.loss_of(training.run(batch_like(batch, found, training)))
    ends = []
    for part, name, numbers in [("loss", "", loss), *training.numbers()]:
        wrong = numbers[~isfinite(numbers)]
        if wrong.size > 0:
            ends.append(f"{part}: expected finite, got {'nan' if isnan(wrong[0]) else 'inf'}")
            print(f"not finite: {wrong.size} of {numbers.size} in {part} {name}".rstrip())
    print(ends[0] if ends else f"finite: the loss is {loss}, and so are all weights", flush=True)
    os._exit(1 if ends else 0)


nanproof.start(first_step)
