"""Times the training step of `nanproof bench` in JAX, PyTorch and Keras, side by side; one thread, float32.

    python -m pip install -r scripts/peers/requirements.txt
    python scripts/peers/time_peers.py [--sizes 16x4x8,64x4x8] [--peers explorer,explorer-wasm,jax,jax-vmap,torch,torch-lstm,keras]
                                       [--seconds 5]
                                       [--processor] [--json] [--with ROWS.json,...]
    python scripts/peers/time_peers.py --check [--peers ...]

A size is units x batch x timesteps. problem.py says what the step is, each peer_*.py how its library runs it. The
protocol is that of src/programs/lstm/engines/bench.ts: the first step of all is the cold one (it compiles, where the library
compiles; imports don't count), then the peers take turns of 100 ms, at least 5 and until the seconds are over. The
whole step is timed, until its loss and weights are ready. Each peer has a process of its own (worker.py, explorer.ts). jax-vmap
steps 16 runs at once; its figure is for one of them. explorer has native products of the width that is fastest here, explorer-wasm
none, explorer-sse2, -avx2, -avx512 and -neon those of that width.

--processor takes the time that a peer's process was on a processor, not the wall clock, as scripts/bench/time-explorer.ts does: on
a machine that others use too the wall clock counts their work as well, and favours whoever has the shorter step.
--json prints the document of `nanproof bench --json`. --with puts the rows that such documents have for these sizes in
front: those of our own engines, or of peers in another virtual environment; tables then show ratios among all of them.
--check runs three steps of a small problem in each peer and in float64 (twin.py), and compares losses and weights.

A peer whose package is missing is skipped, with the pip line on stderr.
Exit codes: 0 timed, or all agree; 1 they disagree; 2 bad usage, or no peer's package is there.
"""

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path

from node_explorer import Explorer
from worker import Missing, Peer

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")  # read by every peer's process

TORCH = ("torch==2.15.0", "numpy==2.4.6")
PEERS = {  # name: (module, packages)
    "jax": ("peer_jax", ("jax==0.10.2", "numpy==2.4.6")),
    "jax-vmap": ("peer_jax_vmap", ("jax==0.10.2", "numpy==2.4.6")),
    "torch": ("peer_torch", TORCH),
    "torch-lstm": ("peer_torch_lstm", TORCH),
    "keras": ("peer_keras", ("tensorflow-cpu==2.21.0",)),
}
WIDTHS = ("wasm", "sse2", "avx2", "avx512", "neon")
EXPLORERS = {"explorer": "native", **{f"explorer-{width}": width for width in WIDTHS}}  # name: NANPROOF_PRODUCTS
SIZES = "16x4x8,16x8x30,64x4x8,64x8x30,400x4x8,100x64x30"
SIZE = r"[1-9]\d{0,3}x[1-9]\d{0,3}x[1-9]\d{0,3}"
ROW = ("engine", "units", "batch", "time", "medianMs", "p10Ms", "p90Ms", "coldMs")
TURN_SECONDS, MIN_TURNS = 0.1, 5
MOST_PROCESSORS = 1.1
CHECK_STEPS, CHECK_TOLERANCE = 3, 1e-4


class Refusal(Exception):
    """A bad argument; the message names it, its value and the remedy."""


def note(text):
    """Progress and warnings."""
    print(f"time_peers.py: {text}", file=sys.stderr, flush=True)


def open_peers(names):
    """The peers that can be imported; says on stderr which cannot, and what to install."""
    opened = []
    for name in names:
        if name in EXPLORERS:
            try:
                opened.append(Explorer(name, EXPLORERS[name]))
            except Missing as missing:
                note(f"{name} is skipped ({missing}); npm ci, and for native products: npm run native -- --products")
            continue
        module, packages = PEERS[name]
        try:
            opened.append(Peer(name, module))
        except Missing as missing:
            note(f"{name} is skipped ({missing}); python -m pip install {' '.join(packages)}")
    return opened


def problem_for(peer, *size, **fields):
    """The problem of one size, with the activations that this peer has."""
    from problem import draw  # here, and not above, since numpy may be missing

    activations = {"activations": ("tanh",) * 3} if peer.name == "torch-lstm" else {}
    return draw(*size, **activations, **fields)


def time_size(peers, size, seconds, clock):
    """The rows of one size. The peers take turns, so that a machine that slows down slows all of them."""
    cold = [peer.start(problem_for(peer, *size), size, clock) for peer in peers]
    warm, busy = ([[] for _ in peers] for _ in range(2))
    turns, end = 0, time.perf_counter() + seconds
    while turns < MIN_TURNS or time.perf_counter() < end:
        for at, peer in enumerate(peers):
            steps, processors = peer.ask("turn", TURN_SECONDS)
            warm[at] += steps
            busy[at].append(processors)
        turns += 1
    rows = []
    for peer, cold_ms, steps, processors in zip(peers, cold, warm, busy):
        if sum(processors) > MOST_PROCESSORS * turns:
            note(f"{peer.name} kept {sum(processors) / turns:.2f} processors busy, where one thread is meant")
        steps.sort()
        median, p10, p90 = (steps[min(len(steps) - 1, int(q * len(steps)))] for q in (0.5, 0.1, 0.9))
        numbers = (float(f"{ms:.4g}") for ms in (median, p10, p90, cold_ms))
        rows.append(dict(zip(ROW, (peer.name, *size, *numbers))))
    return rows


def table(rows):
    """The rows of one size as `nanproof bench` prints them."""
    fastest = min(rows, key=lambda row: row["medianMs"])
    lines = ["{units} units x batch {batch} x {time} timesteps, median (10 % to 90 %; first step)".format(**rows[0])]
    for row in rows:
        median, p10, p90, cold = (figures(row[name]) for name in ROW[4:])
        ratio = "fastest" if row is fastest else f"{figures(row['medianMs'] / fastest['medianMs'])}x"
        lines.append(f"  {row['engine']:10} {median:>8} ms  ({p10} to {p90}; cold {cold})  {ratio}")
    return "\n".join(lines)


def figures(value):
    """Three significant figures, without an exponent."""
    places = 2
    while places > 0 and abs(value) >= 10 ** (3 - places):
        places -= 1
    while 0 < abs(value) < 10 ** (2 - places) and places < 9:
        places += 1
    return f"{value:.{places}f}"


def check_peers(peers):
    """Whether three steps of each peer agree with float64 in loss and weights; prints how far they are apart.

    Odd sizes, so that no two axes can be mixed up unseen. A rate and an epsilon so large that Adam's changes are large
    and epsilon's place in the formula shows; weights are compared as the 2-norm of the difference over the 2-norm of
    the change since the start, the worst tensor counting.
    """
    import numpy as np
    import twin

    agree = True
    for peer in peers:
        problem = problem_for(peer, 7, 3, 4, inputs=5, bias=0.3, learning_rate=0.1, epsilon=1e-3)
        wanted = twin.Training(problem)
        wanted_losses = [wanted.step() for _ in range(CHECK_STEPS)]
        losses, weights = peer.ask("train", problem, CHECK_STEPS)
        loss_apart = np.max(np.abs(np.divide(losses, wanted_losses) - 1))
        weights_apart = np.max([
            np.linalg.norm(got - want) / np.linalg.norm(want - start)
            for layer in zip(problem.weights, wanted.weights(), weights)
            for start, want, got in zip(*layer)
        ])  # np.max, unlike max, keeps a NaN
        holds = loss_apart <= CHECK_TOLERANCE and weights_apart <= CHECK_TOLERANCE  # NaN does not hold
        agree &= bool(holds)
        verdict = "agrees" if holds else f"DISAGREES (more than {CHECK_TOLERANCE:g})"
        activations = ", ".join(problem.activations)
        print(f"{peer.name:10} ({activations}): loss {loss_apart:.1e}, weights {weights_apart:.1e}  {verdict}")
    return agree


def read_rows(path):
    """The rows of a document of `nanproof bench --json`."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
        return [{name: row[name] for name in ROW} for row in rows]
    except OSError as error:
        raise Refusal(f"--with {path}: {error.strerror}; give a file that can be read") from error
    except (ValueError, TypeError, KeyError) as error:
        raise Refusal(f"--with {path}: give the output of `nanproof bench --json` ({error!r})") from error


def parse():
    """The command line."""
    parser = argparse.ArgumentParser(description="Time a training step in JAX, PyTorch and Keras, side by side.")
    parser.add_argument("--sizes", default=SIZES, help=f"units x batch x timesteps (default {SIZES})")
    parser.add_argument("--peers", default=",".join(PEERS),
                        help=f"out of {','.join([*EXPLORERS, *PEERS])} (default {','.join(PEERS)})")
    parser.add_argument("--seconds", type=float, default=5, help="time for each size, more if need be (default 5)")
    parser.add_argument("--processor", action="store_true", help="time the processor, not the wall clock")
    parser.add_argument("--json", action="store_true", help="one JSON document, as `nanproof bench --json`")
    parser.add_argument("--with", dest="others", default="", help="documents of such rows to put in front")
    parser.add_argument("--check", action="store_true", help="compare the peers with float64 instead")
    options = parser.parse_args()
    options.names = list(dict.fromkeys(options.peers.split(",")))
    for name in options.names:
        if name not in PEERS and name not in EXPLORERS:
            raise Refusal(f"--peers {name}: give peers out of {','.join([*EXPLORERS, *PEERS])}")
        if name in EXPLORERS and options.check:
            raise Refusal(f"--peers {name}: the explorer has checks of its own; leave it out of --check")
    for size in options.sizes.split(","):
        if not re.fullmatch(SIZE, size):
            raise Refusal(f"--sizes {size}: give sizes like 16x4x8,64x4x8")
    options.sizes = [tuple(map(int, size.split("x"))) for size in options.sizes.split(",")]
    if not 0 < options.seconds < float("inf"):
        raise Refusal(f"--seconds {options.seconds}: give a number above 0")
    options.others = [row for path in options.others.split(",") if path for row in read_rows(Path(path))]
    return options


def main():
    """The command line; returns the exit code."""
    try:
        options = parse()
    except Refusal as refusal:
        note(refusal)
        return 2
    peers = open_peers(options.names)
    if not peers:
        return 2
    if options.check:
        return 0 if check_peers(peers) else 1
    rows = []
    for size in options.sizes:
        note("timing {} units x batch {} x {} timesteps ...".format(*size))
        rows_of_size = [row for row in options.others if tuple(row[name] for name in ROW[1:4]) == size]
        clock = "process_time" if options.processor else "perf_counter"
        rows_of_size += time_size(peers, size, options.seconds, clock)
        rows += rows_of_size
        if not options.json:
            print(table(rows_of_size), flush=True)
    if options.json:
        print(json.dumps({"rows": rows}, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
