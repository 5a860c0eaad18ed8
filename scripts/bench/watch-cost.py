"""What `nanproof.watch` costs in a script of a person's own: an LSTM of 2 x 128 units, 32 rows, 50 timesteps, Adam, one thread.

Steps with and without it take turns, and are measured in processor time, so that a busy machine does not blur the ratio. On a GPU they
are measured in time that passes, a step being over when the GPU has done it; there the LSTM has 2 x UNITS units.

    PYTHONPATH=python python3 scripts/bench/watch-cost.py torch|torch-cells|keras|tensorflow|tensorflow1|jax [STEPS]
    PYTHONPATH=python python3 scripts/bench/watch-cost.py torch-cuda [STEPS [UNITS]]
"""

import os
import statistics
import sys
import time

for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ[name] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import numpy as np

import nanproof

UNITS, ROWS, TIME, INPUTS = int(sys.argv[3]) if len(sys.argv) > 3 else 128, 32, 50, 64
rng = np.random.default_rng(1)
X = rng.standard_normal((ROWS, TIME, INPUTS), dtype="float32")
Y = rng.standard_normal((ROWS, 1), dtype="float32")


def torch_steps(cells=False, device="cpu"):
    import torch

    torch.set_num_threads(1)

    class Cells(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.ModuleList([torch.nn.LSTMCell(INPUTS, UNITS), torch.nn.LSTMCell(UNITS, UNITS)])

        def forward(self, x):
            parts = x.unbind(1)
            for layer in self.layers:
                state = None
                outputs = []
                for part in parts:
                    state = layer(part, state)
                    outputs.append(state[0])
                parts = outputs
            return torch.stack(parts, 1), state

    rnn = Cells() if cells else torch.nn.LSTM(INPUTS, UNITS, 2, batch_first=True)
    model = torch.nn.ModuleDict({"rnn": rnn, "head": torch.nn.Linear(UNITS, 1)}).to(device)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)

    def train_step(x, y):
        optimizer.zero_grad()
        loss = (model["head"](model["rnn"](x)[0][:, -1]) - y).square().mean()
        loss.backward()
        optimizer.step()
        return loss

    batch = (torch.from_numpy(X).to(device), torch.from_numpy(Y).to(device))
    return train_step, nanproof.watch(train_step, model=model, optimizer=optimizer), batch


def cuda_clock():
    import torch

    torch.cuda.synchronize()
    return time.perf_counter()


def keras_steps():
    import keras

    layers = [keras.layers.LSTM(UNITS, return_sequences=True), keras.layers.LSTM(UNITS), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile("adam", "mse", jit_compile=False)
    return model.train_on_batch, nanproof.watch(model), (X, Y)


def tensorflow_steps():
    import tensorflow as tf

    layers = [tf.keras.layers.LSTM(UNITS, return_sequences=True), tf.keras.layers.LSTM(UNITS), tf.keras.layers.Dense(1)]
    model = tf.keras.Sequential(layers)
    model.build(X.shape)
    optimizer = tf.keras.optimizers.Adam(1e-3)

    @tf.function
    def train_step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x) - y))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss

    step = nanproof.watch(train_step, variables=model.trainable_variables, optimizer=optimizer)
    return train_step, step, (tf.constant(X), tf.constant(Y))


def tensorflow1_steps():
    import tensorflow.compat.v1 as tf
    from tensorflow.python.keras.layers.legacy_rnn.rnn_cell_impl import LSTMCell, MultiRNNCell

    tf.disable_v2_behavior()
    x, y = tf.placeholder(tf.float32, [None, TIME, INPUTS]), tf.placeholder(tf.float32, [None, 1])
    outputs, _ = tf.nn.dynamic_rnn(MultiRNNCell([LSTMCell(UNITS), LSTMCell(UNITS)]), x, dtype=tf.float32)
    loss = tf.reduce_mean(tf.square(tf.matmul(outputs[:, -1], tf.get_variable("w", [UNITS, 1])) - y))
    train_op = tf.train.AdamOptimizer(1e-3).minimize(loss)
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    step = nanproof.watch(session, train_op=train_op, loss=loss, feeds=[x, y])
    return lambda *batch: session.run([train_op, loss], dict(zip((x, y), batch))), step, (X, Y)


def jax_steps():
    import jax
    import jax.numpy as jnp

    def layer(weights, x):
        def cell(state, part):
            hidden, memory = state
            i, f, g, o = jnp.split(part @ weights["x"] + hidden @ weights["h"], 4, axis=1)
            memory = jax.nn.sigmoid(f) * memory + jax.nn.sigmoid(i) * jnp.tanh(g)
            hidden = jax.nn.sigmoid(o) * jnp.tanh(memory)
            return (hidden, memory), hidden

        zeros = jnp.zeros((ROWS, UNITS))
        return jax.lax.scan(cell, (zeros, zeros), x)[1]

    def loss_of(weights, x, y):
        for one in weights["layers"]:
            x = layer(one, x)
        return jnp.mean((x[-1] @ weights["head"] - y) ** 2)

    def made(*shape):
        return jnp.asarray(rng.standard_normal(shape, dtype="float32") * 0.05)

    layers = [{"x": made(size, 4 * UNITS), "h": made(UNITS, 4 * UNITS)} for size in (INPUTS, UNITS)]
    weights = {"layers": layers, "head": made(UNITS, 1)}
    zeros = jax.tree.map(jnp.zeros_like, weights)

    @jax.jit
    def train_step(state, x, y):
        loss, gradients = jax.value_and_grad(loss_of)(state["weights"], x, y)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, state["m"], gradients)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, state["v"], gradients)
        new = jax.tree.map(lambda w, m, v: w - 1e-3 * m / (jnp.sqrt(v) + 1e-8), state["weights"], m, v)
        return {"weights": new, "m": m, "v": v}, loss

    state = {"weights": weights, "m": zeros, "v": zeros}
    step = nanproof.watch(train_step, state=state)
    return lambda *batch: jax.block_until_ready(train_step(step.state, *batch)), step, (X.transpose(1, 0, 2), Y)


MADE = {
    "torch": torch_steps,
    "torch-cells": lambda: torch_steps(cells=True),
    "torch-cuda": lambda: torch_steps(device="cuda"),
    "keras": keras_steps,
    "tensorflow": tensorflow_steps,
    "tensorflow1": tensorflow1_steps,
    "jax": jax_steps,
}


def main() -> None:
    framework, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100
    plain, watched, batch = MADE[framework]()
    clock = cuda_clock if framework == "torch-cuda" else time.process_time
    took: tuple[list[float], list[float]] = ([], [])
    for i in range(count + 10):
        for run in (plain, watched) if i % 2 else (watched, plain):
            began = clock()
            run(*batch)
            if i >= 10:
                took[0 if run is plain else 1].append(1000 * (clock() - began))
    without, with_it = (statistics.median(one) for one in took)
    shares = [b / a - 1 for a, b in zip(*took)]
    print(f"{framework}: {without:.2f} ms a step, {with_it:.2f} watched: {100 * statistics.median(shares):.1f} % more")


if __name__ == "__main__":
    main()
