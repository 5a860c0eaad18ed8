import { type Result, survivors } from "./results.ts";

/** The table of sources: mutants that were noticed, are equivalent, and survived. */
export function summary(results: readonly Result[]): string {
  const files = [...new Set(results.map(({ mutant }) => mutant.file))].sort();
  const rows = files.map((file) =>
    row(
      `\`${file.replace("src/programs/lstm/engines/", "")}\``,
      results.filter(({ mutant }) => mutant.file === file),
    ),
  );
  return [
    "| source | mutants | noticed | equivalent | survived |",
    "|---|---|---|---|---|",
    ...rows,
    row("all", results),
  ].join("\n");
}

function row(name: string, results: readonly Result[]): string {
  const noticed = results.filter(({ noticedBy }) => noticedBy !== null).length;
  const left = survivors(results).length;
  return `| ${name} | ${results.length} | ${noticed} | ${results.length - noticed - left} | ${left} |`;
}

/** The table of mutants, each with the test that noticed it or the reason why it is equivalent. */
export function table(results: readonly Result[]): string {
  const rows = results.map(({ mutant, noticedBy, reason }) => {
    const [by] = noticedBy?.split(": ") ?? [];
    const verdict = by ? `\`${by}\`` : reason ? `equivalent: ${reason}` : "**nothing**";
    return `| ${mutant.id.replaceAll("|", "\\|")} | ${verdict} |`;
  });
  return ["| broken | noticed by |", "|---|---|", ...rows].join("\n");
}
