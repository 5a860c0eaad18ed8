"""Deaths and lives of Keras models: a relu LSTM, a NaN in the data, dropout and batch norm that live."""

import keras
import numpy as np

from nanproof import choice, integer, program

WAYS = ["relu-lstm", "nan-in-data", "lives", "lives-rnn"]


@program(knobs={"way": choice(WAYS), "units": integer(1, 8, default=4)}, steps=6)
def train(knobs, seed, watch, steps, random):
    way = knobs["way"]
    if way in ("relu-lstm", "lives-rnn"):
        cell = dict(
            activation="relu",
            kernel_initializer=keras.initializers.Constant(3.0),
            recurrent_initializer=keras.initializers.Constant(3.0),
        )
        layers = [keras.layers.LSTM(knobs["units"], **(cell if way == "relu-lstm" else {})), keras.layers.Dense(1)]
        shape = (5, 40, 2)
    else:
        layers = [
            keras.layers.Dense(4), keras.layers.BatchNormalization(), keras.layers.Dropout(0.5), keras.layers.Dense(1),
        ]  # fmt: skip
        shape = (5, 3)
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.Adam(0.01, clipnorm=1.0), "mse")
    step = watch(model)
    for i in range(steps):
        x = random.random(shape).astype("float32")
        if way == "nan-in-data" and i == 2:
            x[1, 2] = np.nan
        step(x, random.random((5, 1)).astype("float32"))  # called here
