/** The lines that do what a remedy does, in the frameworks that people train such a network with. */
const CODE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "tanh-cells": {
    TensorFlow1: "tf.nn.rnn_cell.LSTMCell(units, activation=tf.nn.tanh)",
    Keras: 'keras.layers.LSTM(units, activation="tanh")',
    PyTorch: "torch.nn.LSTM(inputs, units)  # its cells are tanh",
    tfjs: 'tf.layers.lstm({ units, activation: "tanh" })',
  },
  "cell-clip": {
    TensorFlow1: "tf.nn.rnn_cell.LSTMCell(units, cell_clip=50.0)",
    Keras: "c = keras.ops.clip(c, -50.0, 50.0)  # in the call of a cell of your own",
    PyTorch: "h, c = cell(x, (h, c)); c = c.clamp(-50.0, 50.0)",
    tfjs: "c = tf.clipByValue(c, -50, 50); // in a cell of your own",
  },
  "safe-normalise": {
    TensorFlow1:
      "x = x / tf.sqrt(tf.maximum(tf.reduce_sum(tf.square(x / m), -1, True), 1e-12)) / m  # m: tf.maximum(tf.reduce_max(tf.abs(x), -1, True), 1e-12)",
    Keras:
      "m = keras.ops.maximum(keras.ops.max(abs(x), -1, keepdims=True), 1e-12); x = keras.ops.normalize(x / m, axis=-1)",
    PyTorch:
      "m = x.abs().amax(-1, keepdim=True).clamp_min(1e-12); x = torch.nn.functional.normalize(x / m, dim=-1)",
    tfjs: 'import { safeNormalise } from "nanproof"; x = safeNormalise(x);',
  },
  "clip-by-global-norm": {
    TensorFlow1: "gradients, _ = tf.clip_by_global_norm(gradients, 1.0)",
    Keras: "keras.optimizers.Adam(rate, global_clipnorm=1.0)",
    PyTorch: "torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)",
    tfjs: "const s = Math.min(1, 1 / norm); grads = grads.map((g) => g.mul(s)); // norm: the global norm",
  },
  l2: l2(0.001),
  "l2-strong": l2(0.01),
  "learning-rate-tenth": {
    TensorFlow1: "tf.train.AdamOptimizer(learning_rate=rate / 10)",
    Keras: "keras.optimizers.Adam(learning_rate=rate / 10)",
    PyTorch: "torch.optim.Adam(model.parameters(), lr=rate / 10)",
    tfjs: "tf.train.adam(rate / 10)",
  },
  "skip-non-finite": {
    TensorFlow1:
      "train = tf.cond(tf.math.is_finite(tf.linalg.global_norm(gradients)), lambda: optimizer.apply_gradients(pairs), tf.no_op)",
    Keras:
      "if keras.ops.all(keras.ops.isfinite(norm)): optimizer.apply(gradients)  # in a train_step of your own",
    PyTorch: "if torch.isfinite(torch.nn.utils.clip_grad_norm_(model.parameters(), 1e38)): optimizer.step()",
    tfjs: "if (Number.isFinite(norm)) optimizer.applyGradients(grads);",
  },
};

function l2(strength: number): Readonly<Record<string, string>> {
  return {
    TensorFlow1: `loss += ${strength} * tf.add_n([tf.nn.l2_loss(v) for v in tf.trainable_variables()])`,
    Keras: `keras.layers.LSTM(units, kernel_regularizer=keras.regularizers.L2(${strength / 2}), recurrent_regularizer=keras.regularizers.L2(${strength / 2}))`,
    PyTorch: `loss = loss + ${strength} * sum(p.square().sum() for p in model.parameters()) / 2`,
    tfjs: `tf.layers.lstm({ units, kernelRegularizer: tf.regularizers.l2({ l2: ${strength / 2} }), recurrentRegularizer: tf.regularizers.l2({ l2: ${strength / 2} }) })`,
  };
}

/** The lines of a remedy; null of one that has none, such as a preset, which is several. */
export function codeOf(fix: string): Readonly<Record<string, string>> | null {
  return Object.hasOwn(CODE, fix) ? (CODE[fix] ?? null) : null;
}
