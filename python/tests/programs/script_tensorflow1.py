"""A script of a person's own on a session of TensorFlow 1."""

import numpy as np
import tensorflow.compat.v1 as tf

import nanproof

tf.disable_v2_behavior()
tf.set_random_seed(1)
x = tf.placeholder(tf.float32, [None])
w = tf.get_variable("w", [2], initializer=tf.constant_initializer(1.0))
loss = -tf.reduce_mean(tf.log(tf.nn.relu(w - x)))  # dies here
train_op = tf.train.AdamOptimizer(0.1).minimize(loss)
with tf.Session() as session:
    step = nanproof.watch(session, train_op=train_op, loss=loss, feeds=[x])
    session.run(tf.global_variables_initializer())
    for i in range(6):
        print(i, step(np.array([0.0, i * 0.6], np.float32)))
