import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { JUDGES } from "./judges.ts";
import { kindOf } from "./kinds.ts";
import { WORDS } from "./words.ts";

describe("docs/program-mechanisms.md", () => {
  const text = readFileSync("docs/program-mechanisms.md", "utf8");

  it("has the table of the code, word for word", () => {
    const rows = text.match(/^\| `.*$/gm);
    expect(rows).toEqual(
      Object.entries(WORDS).map(
        ([mechanism, { definition, smallest }]) => `| \`${mechanism}\` | ${definition} | ${smallest} |`,
      ),
    );
  });

  it("tells the order in which overflows are asked for", () => {
    const [, list = ""] = /and then overflows: (.*?)\.\n/s.exec(text) ?? [];
    const told = [...list.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name);
    const order = JUDGES.map(([name]) => name as string);
    expect(told).toEqual(order.slice(order.indexOf("recurrence-overflow"), -1));
  });

  it("is of one file a mechanism", () => {
    const files = readdirSync("src/programs/diagnosis/mechanisms").map((file) => file.replace(/\.ts$/, ""));
    const camel = (name: string) => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    expect(files.sort()).toEqual(Object.keys(WORDS).map(camel).sort());
  });
});

describe("kinds of operations", () => {
  it.each([
    ["log", "Log aten.log aten.log_.default aten.special_log1p log log1p Log1p"],
    ["exp", "Exp aten.exp exp Expm1 aten.expm1 exp2"],
    ["divide", "RealDiv aten.div.Tensor aten.div_ aten.true_divide div DivNoNan"],
    [
      "product",
      "Multiply BatchMatMul MatMul Mul aten.mm aten.addmm aten.mul.Tensor dot_general mul _FusedMatMul",
    ],
    ["select", "Select SelectV2 aten.where.self select_n aten.masked_fill_ prims.where"],
    ["move", "aten.select.int aten.index Reshape aten.view broadcast_in_dim Pack aten.cat"],
    ["sum", "Sum aten.sum.dim_IntList reduce_sum AddN aten._foreach_sum"],
    ["softmax", "Softmax aten._softmax aten._log_softmax LogSoftmax aten._safe_softmax"],
    ["recurrent", "aten.mkldnn_rnn_layer aten.lstm.input CudnnRNNV3 scan aten._thnn_fused_lstm_cell"],
    ["update", "ResourceApplyAdam aten._fused_adam_ ApplyGradientDescent"],
    ["cast", "Cast aten._to_copy convert_element_type"],
    ["divideAdd", "aten.addcdiv_ aten._foreach_addcdiv_"],
    ["other", "MyOwnKernel aten. . __proto__ constructor"],
  ])("are %s for %s", (kind, names) => {
    for (const name of names.split(" ")) expect(`${name}: ${kindOf(name)}`).toBe(`${name}: ${kind}`);
  });
});
