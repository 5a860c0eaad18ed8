"""Prints the scalars of TensorBoard's event files as JSON, as the real TensorBoard reads them.

    python src/training/testing/read-events.py FOLDER          {tag: [[step, value], ...]}

Needs the package tensorboard (.ci/requirements-tensorboard.txt). NaN and infinities are printed as strings.
"""

import json
import math
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

accumulator = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
accumulator.Reload()
tags = accumulator.Tags()


def number(value):
    value = float(value)
    return value if math.isfinite(value) else str(value)


found = {tag: [[e.step, number(e.value)] for e in accumulator.Scalars(tag)] for tag in tags["scalars"]}
for tag in tags["tensors"]:
    events = accumulator.Tensors(tag)
    found[tag] = [[e.step, number(tensor_util.make_ndarray(e.tensor_proto).item())] for e in events]
json.dump(found, sys.stdout)
