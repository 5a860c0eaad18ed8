"""Times a training step at the sizes named on the command line and prints them as JSON."""

import json
import os
import statistics
import sys
import time

# One core, as the explorer takes one. The libraries look at this when they are imported, so this module comes first.
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

SIZES = ["16x4x8", "16x8x30", "64x4x8", "64x8x30", "400x4x8", "100x64x30"]
ACTIVATIONS = ["relu", "relu", "tanh"]
SECONDS = 2.0


def measure(engine, make_step):
    """`make_step(units, batch, time)` returns a function that takes one training step and waits for it."""
    rows = []
    for size in sys.argv[1:] or SIZES:
        units, batch, steps = (int(part) for part in size.split("x"))
        step = make_step(units, batch, steps)
        start = time.perf_counter()
        step()
        cold = time.perf_counter() - start
        for _ in range(5):
            step()
        times = []
        start = time.perf_counter()
        while len(times) < 30 or time.perf_counter() - start < SECONDS:
            before = time.perf_counter()
            step()
            times.append(1e3 * (time.perf_counter() - before))
        times.sort()
        rows.append(
            {
                "engine": engine,
                "units": units,
                "batch": batch,
                "time": steps,
                "medianMs": statistics.median(times),
                "p10Ms": times[len(times) // 10],
                "p90Ms": times[len(times) * 9 // 10],
                "coldMs": 1e3 * cold,
            }
        )
    return rows


def report(rows):
    print(json.dumps({"rows": rows}))
