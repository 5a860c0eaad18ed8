"""The step in Keras: three tf.keras LSTM layers, in one tf.function (less overhead than train_on_batch).

    python -m pip install tensorflow-cpu==2.21.0

The same semantics as ours, but no masks (all rows are full). Gates in the order i, f, j, o; the forget bias 1 is a part
of the bias. Keras's Adam has TF1's form. The first step traces the function for its shape. TensorFlow 2.15 (Keras 2)
runs it too: `python -m pip install tensorflow-cpu==2.15.1 "numpy<2"` in an environment of its own.
"""

import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import numpy as np
import tensorflow as tf

from problem import BETA1, BETA2, FORGET_BIAS, TINY

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)


def swap_gates(array):
    """i, j, f, o to i, f, j, o along the last axis, or back."""
    i, j, f, o = np.split(array, 4, axis=-1)
    return np.concatenate([i, f, j, o], axis=-1)


def normalise(x):
    """tf.nn.l2_normalize along the embedding."""
    return tf.nn.l2_normalize(x, axis=2, epsilon=TINY)


class Training:
    """The run of a problem."""

    def __init__(self, problem):
        self.x, self.y = tf.constant(problem.x), tf.constant(problem.y)
        units = problem.y.shape[2]
        self.forget = FORGET_BIAS * np.repeat(np.float32([0, 0, 1, 0]), units)
        self.layers = [tf.keras.layers.LSTM(units, name, return_sequences=True) for name in problem.activations]
        model = tf.keras.Sequential(self.layers)
        model.build(problem.x.shape)
        for layer, (kernel, bias) in zip(self.layers, problem.weights):
            kernel, bias = swap_gates(kernel), swap_gates(bias + self.forget)
            layer.set_weights([kernel[:-units], kernel[-units:], bias])
        adam = tf.keras.optimizers.Adam(problem.learning_rate, BETA1, BETA2, problem.epsilon)
        adam.build(model.trainable_variables)

        @tf.function
        def step(x, y):
            with tf.GradientTape() as tape:
                cosines = tf.reduce_sum(normalise(y) * normalise(model(x, training=True)), axis=1)
                loss = tf.reduce_mean(1 - cosines)
            variables = model.trainable_variables
            adam.apply_gradients(zip(tape.gradient(loss, variables), variables))
            return loss

        self.function = step

    def step(self):
        """The whole step, waited for; returns the loss before the update."""
        return float(self.function(self.x, self.y))

    def weights(self):
        """(kernel, bias) of every layer, as Problem.weights has them."""
        arrays = [layer.get_weights() for layer in self.layers]
        return [
            (swap_gates(np.concatenate([w_x, w_h])), swap_gates(bias) - self.forget) for w_x, w_h, bias in arrays
        ]
