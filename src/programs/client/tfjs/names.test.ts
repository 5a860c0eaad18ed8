import { expect, it } from "vitest";
import { canonicalNames } from "./names.ts";

it.each([
  [
    ["lstm_LSTM7/kernel", "lstm_LSTM7/bias", "lstm_LSTM9/kernel"],
    ["lstm_LSTM1/kernel", "lstm_LSTM1/bias", "lstm_LSTM2/kernel"],
  ],
  [["simple_rnn_SimpleRNN3/kernel"], ["simple_rnn_SimpleRNN1/kernel"]],
  [["batch_normalization_BatchNormalization12/gamma"], ["batch_normalization_BatchNormalization1/gamma"]],
  [
    ["forward_gru_GRU4/kernel", "backward_gru_GRU4/kernel"],
    ["forward_gru_GRU1/kernel", "backward_gru_GRU1/kernel"],
  ],
  [
    ["dense_Dense3", "dense_Dense3"],
    ["dense_Dense1", "dense_Dense1_1"],
  ],
  // Names of a person's own stay.
  [
    ["encoder/kernel", "gate_W2", "layer3"],
    ["encoder/kernel", "gate_W2", "layer3"],
  ],
])("%j are %j in every process", (names, expected) => {
  expect(canonicalNames(names)).toEqual(expected);
});
