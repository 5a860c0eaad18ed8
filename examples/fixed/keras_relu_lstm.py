# ../keras_relu_lstm.py, with its fault mended.
import keras
import numpy as np
from nanproof import integer, log_uniform, program


@program(
    knobs={
        "units": integer(1, 16, default=12),
        "time": integer(2, 150, default=80),
        "learning_rate": log_uniform(1e-3, 1, default=0.01),
    },
    steps=12,
)
def train(knobs, seed, watch, steps, random):
    keras.utils.set_random_seed(seed)
    units, time = knobs["units"], knobs["time"]
    model = keras.Sequential(
        [
            keras.layers.Masking(),
            keras.layers.LSTM(units, activation="tanh"),
            keras.layers.Dense(4, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.SGD(knobs["learning_rate"]), "sparse_categorical_crossentropy")
    step = watch(model)
    for _ in range(steps):
        x = random.integers(0, 256, (4, time, 3)).astype(np.float32)
        # Sentences are padded at their end.
        x[0, time // 2 :] = 0
        step(x, random.integers(0, 4, 4))
