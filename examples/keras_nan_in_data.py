# https://github.com/keras-team/keras/issues/2134 (comment of 15 April 2019): an LSTM whose data are
# standardised. A feature that is the same throughout has the standard deviation 0, and 0 divided by 0 is NaN
# before the training begins.
import keras
import numpy as np
from nanproof import integer, program, uniform


def standardised(x):
    return (x - x.mean((0, 1))) / x.std((0, 1))


@program(
    knobs={
        "units": integer(1, 8, default=4),
        "time": integer(1, 16, default=5),
        "constant": uniform(0, 1, default=0.2),
    },
    steps=20,
)
def train(knobs, seed, watch, steps, random):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.layers.LSTM(knobs["units"]), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    step = watch(model)
    for _ in range(steps):
        x = random.random((4, knobs["time"], 3), dtype=np.float32)
        if random.random() < knobs["constant"]:
            # A sensor that is not connected.
            x[:, :, 1] = 0.5
        step(standardised(x), x.sum((1, 2))[:, None])
