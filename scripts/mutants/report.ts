/** A change of the code as Stryker reports it. */
export interface Mutant {
  mutatorName: string;
  replacement?: string;
  status: string;
  location: { start: { line: number; column: number }; end: { line: number; column: number } };
}

/** The fields of Stryker's report that are used here. */
export interface Report {
  files: Record<string, { source: string; mutants: Mutant[] }>;
}

/** True of a change that no test noticed. */
export function isMissed({ status }: Mutant): boolean {
  return status === "Survived" || status === "NoCoverage";
}

/**
 * The lines of a report on which a change was missed, where they are in the files now.
 * @param read The text of a file; null where there is none any more.
 */
export function missedLines({ files }: Report, read: (file: string) => string | null): string[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const [then, now] = [source.split("\n"), read(file)?.split("\n") ?? []];
    const missed = new Set(mutants.filter(isMissed).map(({ location }) => location.start.line));
    return [...missed].flatMap((line) => {
      const text = then[line - 1] ?? "";
      const at = now[line - 1] === text ? line : now.indexOf(text) + 1;
      return at > 0 ? [`${file}:${at}-${at}`] : [];
    });
  });
}
