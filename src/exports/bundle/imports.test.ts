import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { localFiles } from "./localFiles.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-imports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes files below a folder of their own, and finds those of one of them. */
async function found(
  name: string,
  files: Readonly<Record<string, string>>,
  program: string,
  more: string[] = [],
) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
  return localFiles(
    join(folder, name, program),
    more.map((path) => join(folder, name, path)),
  );
}

describe("the files that a program in Python imports", () => {
  it("are found by its import statements, and by theirs; packages are named", async () => {
    const { paths, packages, unknown, program } = await found(
      "python",
      {
        "train.py": [
          '"""import fake_in_text"""',
          "import os, models.wide as wide",
          "from helpers import (one,",
          "    two)  # import fake_in_comment",
          "def late():",
          "    from models import deep",
          "import nanproof, torch.nn as nn",
          "from collections import abc",
        ].join("\n"),
        "helpers.py": "import scipy.special\n",
        "models/__init__.py": "from . import shared\n",
        "models/wide.py": "from ..helpers import one\n",
        "models/deep.py": "from .parts.cell import Cell\n",
        "models/shared.py": "",
        "models/parts/cell.py": "from .. import shared\n",
        "not_imported.py": "",
        "torch_like.py": "",
      },
      "train.py",
    );
    expect(paths).toEqual([
      "helpers.py",
      "models/__init__.py",
      "models/deep.py",
      "models/parts/cell.py",
      "models/shared.py",
      "models/wide.py",
      "train.py",
    ]);
    expect(program).toEqual(["train.py"]);
    expect(packages).toEqual(["scipy", "torch"]);
    expect(unknown).toEqual([]);
  });

  it("are said not to be known where the text does not tell, with the line that reads a file", async () => {
    const { unknown } = await found(
      "python-unknown",
      {
        "train.py":
          "import sys, importlib\nsys.path.append('..')\nimportlib.import_module(name)\n# open('no')\nx = open('data.csv')\n",
      },
      "train.py",
    );
    expect(unknown).toEqual([
      "train.py imports by a name that it computes; such files are not in this folder.",
      "train.py changes sys.path; what it finds by that is not in this folder.",
      "train.py seems to read a file (line 5); what it reads is not in this folder.",
    ]);
  });

  it("lie beside what the person says that it reads", async () => {
    const { root, paths, program, unknown } = await found(
      "python-with",
      { "src/train.py": "x = open('../data/a.csv')\n", "data/a.csv": "1", "data/deep/b.csv": "2" },
      "src/train.py",
      ["data"],
    );
    expect(root).toBe(join(folder, "python-with"));
    expect(paths).toEqual(["data/a.csv", "data/deep/b.csv", "src/train.py"]);
    expect(program).toEqual(["src", "train.py"]);
    expect(unknown).toEqual([]);
  });

  it("are refused where the person names one that is not there", async () => {
    await expect(found("python-none", { "train.py": "" }, "train.py", ["none.csv"])).rejects.toThrow(
      /--with is .*none\.csv.*: there is no such file or folder/,
    );
  });
});

describe("the files that a program in JavaScript imports", () => {
  it("are found, also in TypeScript, by require and by import(); packages are named", async () => {
    const { paths, packages, unknown } = await found(
      "javascript",
      {
        "train.ts":
          'import * as tf from "@tensorflow/tfjs";\nimport { program } from "nanproof/program";\nimport { readFile } from "node:fs/promises";\n' +
          'import { a } from "./lib/a.ts";\nexport default program({ a, tf, late: () => import("./late.mjs") });\n',
        "lib/a.ts": 'import data from "../data.json";\nexport const a: number = data.a;\n',
        "late.mjs": 'import lodash from "lodash/fp";\nexport default lodash;\n',
        "data.json": '{ "a": 1 }',
        "other.mjs": "",
      },
      "train.ts",
    );
    expect(paths).toEqual(["data.json", "late.mjs", "lib/a.ts", "train.ts"]);
    expect(packages).toEqual(["@tensorflow/tfjs", "lodash"]);
    expect(unknown).toEqual([]);
  });

  it("are said not to be known where the name is computed", async () => {
    const { unknown } = await found(
      "javascript-unknown",
      { "train.mjs": "const name = process.argv[2];\nexport default await import(name);\n" },
      "train.mjs",
    );
    expect(unknown).toEqual([
      "train.mjs imports by a name that it computes; such files are not in this folder.",
    ]);
  });

  it("are refused where the program cannot be read, with the line", async () => {
    await expect(
      found("javascript-broken", { "train.mjs": "\nexport default {\n" }, "train.mjs"),
    ).rejects.toThrow(/what it imports cannot be read: .*\(train\.mjs, line 3\)/);
    await expect(
      found("javascript-missing", { "train.mjs": 'import "./gone.mjs";\n' }, "train.mjs"),
    ).rejects.toThrow(/gone\.mjs.*\(train\.mjs, line 1\)/);
  });
});
