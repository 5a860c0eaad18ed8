/** The imports of a person's file, as far as its text shows them. */
export interface Imports {
  /** Files of the person's own, by absolute path, the program's not among them. */
  files: string[];
  /** Names of packages. */
  packages: string[];
  /** Sentences on what the text does not show. */
  unknown: string[];
}
