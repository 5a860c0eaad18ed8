# https://stackoverflow.com/questions/33712178: cross-entropy as it is written down, `-sum(y *
# log(softmax(logits)))`, here behind a recurrent network. A probability that rounds to 0 has the logarithm
# -Infinity.
import tensorflow as tf
from nanproof import integer, log_uniform, program


@program(
    knobs={
        "units": integer(1, 8, default=4),
        "time": integer(1, 12, default=6),
        "learning_rate": log_uniform(0.01, 100, default=30),
    },
    steps=60,
)
def train(knobs, seed, watch, steps, random):
    tf.keras.utils.set_random_seed(seed)
    rnn = tf.keras.layers.SimpleRNN(knobs["units"], unroll=True)
    head = tf.keras.layers.Dense(3)
    rnn.build([4, knobs["time"], 2])
    head.build([4, knobs["units"]])
    variables = [*rnn.trainable_variables, *head.trainable_variables]
    optimizer = tf.keras.optimizers.Adam(knobs["learning_rate"])

    @tf.function
    def train_step(x, y):
        with tf.GradientTape() as tape:
            probabilities = tf.nn.softmax(head(rnn(x)))
            loss = -tf.reduce_sum(y * tf.math.log(probabilities))
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    step = watch(train_step, variables=variables, optimizer=optimizer)
    for _ in range(steps):
        x = tf.constant(random.random((4, knobs["time"], 2)), tf.float32)
        step(x, tf.one_hot(random.integers(0, 3, 4), 3))
