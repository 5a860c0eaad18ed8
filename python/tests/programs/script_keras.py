"""A script of a person's own that trains with fit, and whose data has a NaN."""

import keras
import numpy as np

import nanproof

keras.utils.set_random_seed(1)
model = keras.Sequential([keras.layers.LSTM(4), keras.layers.Dropout(0.2), keras.layers.Dense(1)])
model.compile("adam", "mse")
x = np.random.default_rng(1).random((12, 5, 2)).astype("float32")
x[9, 2, 1] = np.nan
history = model.fit(  # called here
    x, np.ones((12, 1), "float32"), batch_size=4, epochs=2, shuffle=False, verbose=0, callbacks=[nanproof.keras.Watch()]
)
