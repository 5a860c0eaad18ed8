"""A training with `fit` and the callback inside of a program."""

import keras
import numpy as np
import nanproof
from nanproof import integer, program


@program(knobs={"units": integer(1, 8, default=4)}, steps=20)
def train(knobs, seed, watch, steps):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    model = keras.Sequential([keras.layers.LSTM(knobs["units"]), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    x = rng.random((40, 6, 2)).astype("float32")
    x[17, 2, 1] = np.nan
    model.fit(x, x.sum((1, 2)), batch_size=4, epochs=3, verbose=0, callbacks=[nanproof.keras.Watch()])
