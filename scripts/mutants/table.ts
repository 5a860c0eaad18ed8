/** The fields of Stryker's report that are used here. */
export interface Report {
  files: Record<
    string,
    {
      source: string;
      mutants: {
        mutatorName: string;
        replacement?: string;
        status: string;
        location: { start: { line: number; column: number }; end: { line: number; column: number } };
      }[];
    }
  >;
}

const NOTICED = ["Killed", "Timeout"];
const MISSED = ["Survived", "NoCoverage"];

/** The score by folder of src, and every change that no test noticed, in Markdown. */
export function mutantsTable({ files }: Report): string {
  const all = Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants.map((mutant) => ({ file, ...mutant })),
  );
  const folders = [...new Set(all.map(({ file }) => folderOf(file)))].sort();
  const row = (name: string, of: typeof all) => {
    const count = (...statuses: string[]) => of.filter(({ status }) => statuses.includes(status)).length;
    const noticed = count(...NOTICED);
    const judged = noticed + count(...MISSED);
    const score = judged === 0 ? "" : `${((100 * noticed) / judged).toFixed(0)} %`;
    return `| ${name} | ${judged} | ${noticed} | ${count("Survived")} | ${count("NoCoverage")} | ${score} |`;
  };
  const missed = all.filter(({ status }) => MISSED.includes(status));
  return [
    "| folder | mutants | noticed | survived | reached by no test in process | score |",
    "|---|---|---|---|---|---|",
    ...folders.map((folder) =>
      row(
        folder,
        all.filter(({ file }) => folderOf(file) === folder),
      ),
    ),
    row("all", all),
    "",
    ...missed.map(
      ({ file, location: { start }, mutatorName, replacement = "", status }) =>
        `${file}:${start.line}:${start.column} ${status} ${mutatorName}: ${replacement.replaceAll(/\s+/g, " ").slice(0, 80)}`,
    ),
  ].join("\n");
}

function folderOf(file: string): string {
  const [, folder = "", inner = ""] = file.split("/");
  return folder === "programs" && !inner.endsWith(".ts") ? `${folder}/${inner}` : folder.replace(/\.ts$/, "");
}
