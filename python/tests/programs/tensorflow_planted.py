"""A planted death for every mechanism, in TensorFlow 2: the knobs say which, and whether the step is a tf.function."""

import tensorflow as tf

from nanproof import choice, program

MECHANISMS = [
    "log-of-zero", "log-of-negative", "exp-overflow", "division-by-zero", "zero-over-zero", "root-gradient-at-zero",
    "masked-branch", "product-overflow", "recurrence-overflow", "softmax-of-nothing", "second-moment-overflow",
    "update-overflow", "non-finite-clip-norm", "non-finite-input", "non-finite-weight", "innocent",
]  # fmt: skip


def log_of_zero(w, x):
    return tf.reduce_sum(tf.math.log(tf.nn.relu(w - 5)))  # log-of-zero


def log_of_negative(w, x):
    return tf.reduce_sum(tf.math.log(-w))  # log-of-negative


def exp_overflow(w, x):
    return tf.reduce_sum(tf.exp(w * 100))  # exp-overflow


def division_by_zero(w, x):
    return tf.reduce_sum(w / (x - 1))  # division-by-zero


def zero_over_zero(w, x):
    return tf.reduce_sum((w - w) / (x - 1))  # zero-over-zero


def root_gradient_at_zero(w, x):
    return tf.sqrt(tf.reduce_sum(tf.square(w - tf.stop_gradient(w))))  # root-gradient-at-zero


def masked_branch(w, x):
    logs = tf.math.log(w * (x - 1))  # masked-branch
    return tf.reduce_sum(tf.where(x > 1, logs, tf.zeros_like(logs)))


def product_overflow(w, x):
    return tf.reduce_sum((w * 1e30) * (x * 1e30))  # product-overflow


def recurrence_overflow(w, x):
    hidden = tf.ones((2, 2))
    for _ in range(70):
        hidden = tf.nn.relu(hidden @ (4 * tf.eye(2) * w[0])) + x[0]  # recurrence-overflow
    return tf.reduce_mean(hidden)


def softmax_of_nothing(w, x):
    mask = tf.constant([[0.0, 0.0], [-float("inf"), -float("inf")]])
    return tf.reduce_sum(tf.nn.softmax(w + mask, axis=1))  # softmax-of-nothing


def second_moment_overflow(w, x):
    return tf.reduce_sum(w * x * 1e25)


def update_overflow(w, x):
    return tf.reduce_sum(w * x * 1e30)


def innocent(w, x):
    return tf.reduce_sum(tf.nn.softmax(w + tf.constant([0.0, -float("inf")])) * w)


def non_finite(w, x):
    return tf.reduce_sum(w * x)  # non-finite-input # non-finite-weight


@program(knobs={"mechanism": choice(MECHANISMS), "compiled": choice([True, False])}, steps=5)
def train(knobs, seed, watch, steps):
    mechanism = knobs["mechanism"]
    loss_of = {"non-finite-clip-norm": second_moment_overflow}.get(mechanism) or (
        non_finite if mechanism.startswith("non-finite") else globals()[mechanism.replace("-", "_")]
    )
    w = tf.Variable([1.0, 2.0], name="w")
    slow = tf.keras.optimizers.Adam(0.01)
    optimizer = tf.keras.optimizers.SGD(1e10) if mechanism == "update-overflow" else slow

    def train_step(x):
        with tf.GradientTape() as tape:
            loss = loss_of(w, x)
        gradients = tape.gradient(loss, [w])
        if mechanism == "non-finite-clip-norm":
            norm = tf.sqrt(tf.reduce_sum(tf.square(gradients[0])))  # non-finite-clip-norm
            gradients = [gradients[0] * (1 / norm) * (norm - norm + 1)]
        optimizer.apply_gradients(zip(gradients, [w]))  # second-moment-overflow # update-overflow
        return loss

    step = watch(tf.function(train_step) if knobs["compiled"] else train_step, variables={"w": w}, optimizer=optimizer)
    for i in range(steps):
        x = tf.constant([1.0, 1.0])
        if mechanism == "non-finite-input" and i == 2:
            x = tf.constant([1.0, float("nan")])
        if mechanism == "non-finite-weight" and i == 2:
            w.assign([float("inf"), 1.0])
        step(x)
