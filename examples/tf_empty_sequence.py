# https://github.com/jaywonchung/BERT4Rec-VAE-Pytorch/issues/22, made again in TensorFlow: the loss is the mean
# over the places of a sequence that were masked. In a short sequence it may be that none is, and the mean of
# nothing is 0 divided by 0.
import tensorflow as tf
from nanproof import integer, lengths, program, uniform


@program(
    knobs={
        "units": integer(1, 8, default=4),
        "lengths": lengths(rows=(1, 4), time=(0, 10), default=[9, 8, 6]),
        "mask_probability": uniform(0, 1, default=0.4),
    },
    steps=60,
)
def train(knobs, seed, watch, steps, random):
    tf.keras.utils.set_random_seed(seed)
    rows, time = len(knobs["lengths"]), max(1, *knobs["lengths"])
    embedding = tf.Variable(tf.random.normal([8, knobs["units"]]), name="embedding")
    gru = tf.keras.layers.GRU(knobs["units"], return_sequences=True, unroll=True)
    gru.build([rows, time, knobs["units"]])
    optimizer = tf.keras.optimizers.Adam(0.01)
    variables = [embedding, *gru.trainable_variables]

    @tf.function
    def train_step(items, masked):
        with tf.GradientTape() as tape:
            given = tf.where(masked, 7, items)
            logits = tf.matmul(gru(tf.gather(embedding, given)), embedding, transpose_b=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(items, logits)
            weights = tf.cast(masked, tf.float32)
            means = tf.reduce_sum(losses * weights, 1) / tf.reduce_sum(weights, 1)
            loss = tf.reduce_mean(means)
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    step = watch(train_step, variables=variables, optimizer=optimizer)
    present = [[t < length for t in range(time)] for length in knobs["lengths"]]
    for _ in range(steps):
        items = tf.constant(random.integers(0, 7, (rows, time)), tf.int32)
        step(items, tf.constant(present) & (random.random((rows, time)) < knobs["mask_probability"]))
