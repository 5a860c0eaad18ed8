"""Deaths of sessions of TensorFlow 1: inside and outside of dynamic_rnn, forward and backward."""

import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.python.keras.layers.legacy_rnn import rnn_cell_impl

from nanproof import choice, program

tf.disable_v2_behavior()
WAYS = [
    "log-of-zero",
    "recurrence-overflow",
    "root-gradient-at-zero",
    "nan-in-data",
    "clipping",
    "second-moment",
    "lives",
]


@program(knobs={"way": choice(WAYS), "resource": choice([False, True]), "control": choice([1, 2])}, steps=4)
def train(knobs, seed, watch, steps, random):
    way = knobs["way"]
    (tf.enable_control_flow_v2 if knobs["control"] == 2 else tf.disable_control_flow_v2)()
    tf.set_random_seed(seed)
    x = tf.placeholder(tf.float32, [None, 30, 2])
    with tf.variable_scope("net", use_resource=knobs["resource"]):
        cell = rnn_cell_impl.BasicRNNCell(3, activation=tf.nn.relu if way == "recurrence-overflow" else tf.tanh)
        big = tf.constant_initializer(50.0) if way == "recurrence-overflow" else None
        with tf.variable_scope("rnn", initializer=big):
            out, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)  # recurrence-overflow
        w = tf.get_variable("w", [3, 1])
    loss = tf.reduce_mean(tf.matmul(out[:, -1], w))  # nan-in-data
    if way == "log-of-zero":
        loss = tf.reduce_sum(tf.log(tf.nn.relu(loss - 100)))  # log-of-zero
    if way == "root-gradient-at-zero":
        loss = tf.sqrt(tf.square(loss - tf.stop_gradient(loss)))  # root-gradient-at-zero
    if way in ("clipping", "second-moment"):
        loss = loss * 1e25
    optimizer = tf.train.AdamOptimizer(0.01)
    pairs = optimizer.compute_gradients(loss)
    if way == "clipping":
        norm = tf.sqrt(tf.add_n([tf.reduce_sum(tf.square(g)) for g, _ in pairs]))  # clipping
        pairs = [(g / norm * (norm - norm + 1), v) for g, v in pairs]
    train_op = optimizer.apply_gradients(pairs)  # second-moment
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        step = watch(session, train_op=train_op, loss=loss, feeds=[x])
        for i in range(steps):
            batch = random.random((4, 30, 2)).astype(np.float32)
            if way == "nan-in-data" and i == 2:
                batch[1, 7] = np.nan
            step(batch)
