import { isMissed, type Mutant, type Report } from "./report.ts";

/** Folders of src whose tests run commands and hosts in other processes, where no change can be switched on. */
const ELSEWHERE = ["cli", "programs/host"];

const NOTICED = ["Killed", "Timeout"];

interface Found extends Mutant {
  file: string;
}

/** The score by folder of src, and every change that no test noticed, in Markdown. */
export function mutantsTable({ files }: Report): string {
  const all = Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants.map((mutant): Found => ({ file, ...mutant })),
  );
  const folders = [...new Set(all.map(({ file }) => folderOf(file)))].sort();
  const isElsewhere = (folder: string) => ELSEWHERE.includes(folder);
  const rows = (some: readonly string[]) =>
    some.map((folder) =>
      row(
        folder,
        all.filter(({ file }) => folderOf(file) === folder),
      ),
    );
  return [
    "| folder | mutants | noticed | survived | reached by no test in process | score | of those reached |",
    "|---|---|---|---|---|---|---|",
    ...rows(folders.filter((folder) => !isElsewhere(folder))),
    row(
      "all of these",
      all.filter(({ file }) => !isElsewhere(folderOf(file))),
    ),
    ...rows(folders.filter(isElsewhere)),
    "",
    `The tests of ${ELSEWHERE.join(" and ")} run commands and hosts in other processes: that they reach nothing here says nothing of them.`,
    "",
    ...all.filter(isMissed).map(missedLine),
  ].join("\n");
}

function row(name: string, of: readonly Found[]): string {
  const count = (...statuses: string[]) => of.filter(({ status }) => statuses.includes(status)).length;
  const noticed = count(...NOTICED);
  const [survived, unreached] = [count("Survived"), count("NoCoverage")];
  const reached = noticed + survived;
  return `| ${[name, reached + unreached, noticed, survived, unreached, percent(noticed, reached + unreached), percent(noticed, reached)].join(" | ")} |`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "" : `${((100 * part) / whole).toFixed(0)} %`;
}

function missedLine({ file, location: { start }, mutatorName, replacement = "", status }: Found): string {
  return `${file}:${start.line}:${start.column} ${status} ${mutatorName}: ${replacement.replaceAll(/\s+/g, " ").slice(0, 80)}`;
}

function folderOf(file: string): string {
  const [, folder = "", inner = ""] = file.split("/");
  return folder === "programs" && !inner.endsWith(".ts") ? `${folder}/${inner}` : folder.replace(/\.ts$/, "");
}
