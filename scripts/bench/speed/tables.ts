import { readFileSync } from "node:fs";
import * as z from "zod";

const UNITS = [16, 64, 400] as const;
const measurement = z
  .strictObject({
    of: z.string(),
    units: z.literal(UNITS),
    machine: z.string(),
    low: z.number().gt(0),
    high: z.number().gt(0),
    from: z.string().min(1),
  })
  .refine(({ low, high }) => low <= high, { message: "has a low over its high" });
const wanted = z.record(z.literal(UNITS.map((units) => `${units}` as const)), z.number());

/** The schema of docs/speed.json: every measurement that is published, and the command that makes it. */
const speedSchema = z.strictObject({
  machines: z.record(z.string(), z.string()),
  commands: z.record(z.string(), z.string()),
  wanted: z.record(z.string(), wanted),
  milliseconds: z.array(measurement),
  timesAsLong: z.array(measurement),
});
type Speed = z.infer<typeof speedSchema>;
type Measurement = Speed["timesAsLong"][number];

/** The committed measurements. */
export function readSpeed(): Speed {
  return speedSchema.parse(JSON.parse(readFileSync("docs/speed.json", "utf8")));
}

const figure = (value: number) => (value >= 1000 ? value.toLocaleString("en-US") : String(value));
const range = (low: number, high: number, unit = "") =>
  low === high ? `${figure(low)}${unit}` : `${figure(low)}${unit} to ${figure(high)}${unit}`;

/** The lowest and the highest over all machines; undefined where nothing was measured. */
function overMachines(
  all: readonly Measurement[],
  of: string,
  units: number,
): { low: number; high: number } | undefined {
  const found = all.filter((each) => each.of === of && each.units === units);
  if (found.length === 0) return undefined;
  return { low: Math.min(...found.map(({ low }) => low)), high: Math.max(...found.map(({ high }) => high)) };
}

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), `|${"---|".repeat(head.length)}`, ...rows.map(row)].join("\n");

/** The README's table: one line a size, ranges over machines. */
export function summaryTable({ milliseconds, timesAsLong }: Speed): string {
  const others = [...new Set(timesAsLong.map(({ of }) => of))];
  const cell = (all: readonly Measurement[], of: string, units: number, unit: string) => {
    const found = overMachines(all, of, units);
    return found ? range(found.low, found.high, unit) : "";
  };
  return table(
    ["units", "explorer, ms", ...others.map((name) => `${name} takes`)],
    UNITS.map((units) => [
      String(units),
      cell(milliseconds, "explorer", units, ""),
      ...others.map((name) => cell(timesAsLong, name, units, "x")),
    ]),
  );
}

/** The table of bars: the ratios that were wanted, beside those seen over machines. */
export function barsTable({ wanted: bars, timesAsLong }: Speed): string {
  const rows = Object.entries(bars).flatMap(([name, sizes]) =>
    UNITS.flatMap((units) => {
      const seen = overMachines(timesAsLong, name, units);
      if (seen === undefined) return [];
      const bar = sizes[units];
      const some = seen.high >= bar ? "on some machines" : "no";
      const reached = seen.low >= bar ? "yes" : some;
      return [[`against ${name}, ${units} units`, figure(bar), range(seen.low, seen.high), reached]];
    }),
  );
  return table(["bar", "wanted", "seen over machines", "reached"], rows);
}

/** Every measurement, with its machine, where it comes from and the command that makes such. */
function measurementsTable({ machines, commands, milliseconds, timesAsLong }: Speed): string {
  const rows = [
    ...milliseconds.map((each) => ({ ...each, unit: " ms" })),
    ...timesAsLong.map((each) => ({ ...each, unit: "x" })),
  ].map(({ of, units, machine, low, high, from, unit }) => [
    of,
    String(units),
    range(low, high, unit),
    machines[machine] ?? machine,
    from,
    `\`${commands[of]}\``,
  ]);
  return table(["of", "units", "seen", "machine", "from", "command"], rows);
}

/** Places of the tables: files, and the marks around each table. */
export const PLACES = [
  { file: "README.md", mark: "speed", make: summaryTable },
  { file: "docs/speed.md", mark: "bars", make: barsTable },
  { file: "docs/speed.md", mark: "measurements", make: measurementsTable },
] as const;
