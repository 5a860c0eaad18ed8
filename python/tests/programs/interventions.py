"""A step of gradient descent whose numbers are known, in the framework that FRAMEWORK names: the gradient is the batch, and the second is NaN."""

import os

import numpy as np

from nanproof import program

FRAMEWORK = os.environ["FRAMEWORK"]
BATCHES = [[3.0, 4.0], [np.nan, 4.0], [3.0, 4.0]]


def torch_step(watch):
    import torch

    w = torch.nn.Parameter(torch.zeros(2))
    optimizer = torch.optim.SGD([w], lr=1.0)

    def train_step(x):
        optimizer.zero_grad()
        loss = (w * x).sum()
        loss.backward()
        optimizer.step()
        return loss

    step = watch(train_step, model={"w": w}, optimizer=optimizer)
    return lambda x: step(torch.tensor(x))


def torch_step_by_hand(watch):
    import torch

    model = torch.nn.Linear(2, 1, bias=False)
    torch.nn.init.zeros_(model.weight)

    def train_step(x):
        loss = model(x).sum()
        (gradient,) = torch.autograd.grad(loss, [model.weight])
        with torch.no_grad():
            model.weight -= gradient
        return loss

    step = watch(train_step, model=model)
    return lambda x: step(torch.tensor(x))


def keras_step(watch):
    import keras

    model = keras.Sequential([keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(1.0), lambda y, found: keras.ops.sum(found))
    step = watch(model)
    return lambda x: step(np.array([x]), np.zeros((1, 1), np.float32))


def tensorflow_step(watch):
    import keras
    import tensorflow as tf

    w = tf.Variable([0.0, 0.0], name="w")
    optimizer = keras.optimizers.SGD(1.0)

    @tf.function
    def train_step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(w * x)
        optimizer.apply_gradients([(tape.gradient(loss, w), w)])
        return loss

    step = watch(train_step, variables=[w], optimizer=optimizer)
    return lambda x: step(tf.constant(x))


def tensorflow_step_by_hand(watch):
    import keras
    import tensorflow as tf

    w = tf.Variable([0.0, 0.0], name="w")
    optimizer = keras.optimizers.SGD(1.0)

    def train_step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(w * x)
        w.assign_sub(tape.gradient(loss, w))
        return loss

    step = watch(train_step, variables=[w], optimizer=optimizer)
    return lambda x: step(tf.constant(x))


def tensorflow1_step(watch):
    import tensorflow.compat.v1 as tf

    tf.disable_v2_behavior()
    x = tf.placeholder(tf.float32, [2])
    w = tf.get_variable("w", initializer=[0.0, 0.0])
    loss = tf.reduce_sum(w * x)
    train_op = tf.train.GradientDescentOptimizer(1.0).minimize(loss)
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return watch(session, train_op=train_op, loss=loss, feeds=[x])


def jax_step(watch):
    import jax
    import jax.numpy as jnp

    def train_step(w, x):
        loss, gradient = jax.value_and_grad(lambda w: (w * x).sum())(w)
        return w - gradient, loss

    step = watch(train_step, state=jnp.zeros(2))
    return lambda x: step(jnp.array(x))


def jax_step_with_a_sum(watch):
    """Keeps, beside the weights a, the sum b of all gradients."""
    import jax
    import jax.numpy as jnp

    @jax.jit
    def train_step(state, x):
        loss, gradient = jax.value_and_grad(lambda w: (w * x).sum())(state["a"])
        return {"a": state["a"] - gradient, "b": state["b"] + gradient}, loss

    step = watch(train_step, state={"a": jnp.zeros(2), "b": jnp.zeros(2)})
    return lambda x: step(jnp.array(x))


@program(steps=3)
def train(watch, steps):
    step = globals()[f"{FRAMEWORK}_step{os.environ.get('VARIANT', '')}"](watch)
    for batch in BATCHES[:steps]:
        step(np.array(batch, np.float32))
