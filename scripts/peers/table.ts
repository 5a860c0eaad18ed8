import { readFileSync } from "node:fs";
import * as z from "zod";

const schema = z.object({
  rows: z.array(
    z.object({
      engine: z.string(),
      units: z.number(),
      batch: z.number(),
      time: z.number(),
      medianMs: z.number(),
      p10Ms: z.number(),
    }),
  ),
});
type Row = z.infer<typeof schema>["rows"][number];

/** Titles of the engines in a table, by their names in the rows. */
const TITLES: Readonly<Record<string, string>> = {
  explorer: "explorer, native products",
  "explorer-avx2": "explorer, AVX2",
  "explorer-avx512": "explorer, AVX-512",
  "explorer-wasm": "explorer, WebAssembly",
  jax: "JAX (jit, scan)",
  "jax-vmap": "JAX, vmap over 16 cases",
  torch: "PyTorch eager cells",
  "torch-lstm": "PyTorch nn.LSTM (tanh)",
  keras: "Keras",
};

/** The committed rows. */
export function readPeers(): Row[] {
  return schema.parse(JSON.parse(readFileSync("docs/peers.json", "utf8"))).rows;
}

const figure = (ms: number) => String(Number(ms.toPrecision(ms < 100 ? 2 : 3)));
const nameOf = ({ units, batch, time }: Row) => `${units}x${batch}x${time}`;

/** One line a size, one column an engine: what `cell` makes of a row and of the explorer's row of that size. */
function tableOf(rows: readonly Row[], cell: (row: Row, explorer: Row) => string): string {
  const sizes = [...new Set(rows.map(nameOf))];
  const engines = [...new Set(rows.map(({ engine }) => engine))];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const lines = sizes.map((size) => {
    const ofSize = rows.filter((row) => nameOf(row) === size);
    const explorer = ofSize.find(({ engine }) => engine === "explorer");
    const cells = engines.map((engine) => {
      const row = ofSize.find((each) => each.engine === engine);
      return row && explorer ? cell(row, explorer) : "";
    });
    return line([size, ...cells]);
  });
  const head = ["size", ...engines.map((engine) => TITLES[engine] ?? engine)];
  return [line(head), `|${"---|".repeat(head.length)}`, ...lines].join("\n");
}

/** Milliseconds a step, median and in brackets the 10 % mark. */
export function millisecondsTable(rows: readonly Row[]): string {
  return tableOf(rows, ({ medianMs, p10Ms }) => `${figure(medianMs)} (${figure(p10Ms)})`);
}

/** The explorer's milliseconds, and how many times as long the others take, by medians. */
export function ratiosTable(rows: readonly Row[]): string {
  return tableOf(rows, (row, explorer) =>
    row === explorer ? `${figure(row.medianMs)} ms` : `${figure(row.medianMs / explorer.medianMs)}x`,
  );
}

/** The engines that the README names. */
const SUMMARY: ReadonlySet<string> = new Set(["explorer", "explorer-wasm", "jax", "torch-lstm"]);

/** Places of the tables. */
export const PEERS_PLACES = [
  {
    file: "README.md",
    mark: "peers",
    make: (rows: Row[]) => ratiosTable(rows.filter(({ engine }) => SUMMARY.has(engine))),
  },
  {
    file: "docs/speed.md",
    mark: "peers",
    make: (rows: Row[]) => `${millisecondsTable(rows)}\n\n${ratiosTable(rows)}`,
  },
] as const;
