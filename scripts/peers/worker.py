"""A peer in a process of its own: PyTorch and TensorFlow each bring an LLVM, and abort when they share a process."""

import importlib
import multiprocessing
import time

import_errors = (ImportError, OSError, ValueError)  # the latter two: a library that lacks its own libraries


class Missing(Exception):
    """The peer cannot be imported; the message says why."""


class Peer:
    """The driver's end: `ask` calls a method of Work over there."""

    def __init__(self, name, module):
        """Starts the process and imports the module there; raises Missing where that fails."""
        context = multiprocessing.get_context("spawn")
        self.name = name
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=serve, args=(module, other), daemon=True)
        self.process.start()
        other.close()
        error = self.receive()
        if error:
            raise Missing(error)

    def ask(self, method, *arguments):
        """What that method of Work returns."""
        self.pipe.send((method, arguments))
        return self.receive()

    def start(self, problem, size, clock):
        """Takes up a problem of that size; the milliseconds of its first step."""
        return self.ask("start", problem, clock)

    def receive(self):
        """The next answer; RuntimeError when the process has ended."""
        try:
            return self.pipe.recv()
        except EOFError:
            self.process.join()
            raise RuntimeError(f"{self.name} ended with exit code {self.process.exitcode}") from None


class Work:
    """What a peer's process does."""

    def __init__(self, peer):
        self.peer = peer

    def start(self, problem, clock):
        """Takes up a problem; returns the milliseconds of its first step by that clock of module time."""
        self.clock = getattr(time, clock)
        self.training = self.peer.Training(problem)
        return self.timed() * getattr(self.training, "steps_at_once", 1)

    def turn(self, seconds):
        """At least one step, and steps until the seconds are over: their milliseconds, and the processors kept busy."""
        busy, begin = time.process_time(), time.perf_counter()
        steps = [self.timed()]
        while time.perf_counter() < begin + seconds:
            steps.append(self.timed())
        return steps, (time.process_time() - busy) / (time.perf_counter() - begin)

    def timed(self):
        """Milliseconds of one step; of a peer that takes steps of several runs at once, of one of them."""
        start = self.clock()
        self.training.step()
        return 1000 * (self.clock() - start) / getattr(self.training, "steps_at_once", 1)

    def train(self, problem, steps):
        """The losses of these steps and the weights after them."""
        training = self.peer.Training(problem)
        return [training.step() for _ in range(steps)], training.weights()


def serve(module, pipe):
    """The peer's process: says whether the import went well, then answers until the driver is gone."""
    try:
        work = Work(importlib.import_module(module))
    except import_errors as error:
        pipe.send(str(error) or repr(error))
        return
    pipe.send(None)
    while True:
        try:
            method, arguments = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        pipe.send(getattr(work, method)(*arguments))
