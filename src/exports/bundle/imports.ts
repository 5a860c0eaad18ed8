/** What a person's file imports, as far as its text tells. */
export interface Imports {
  /** Files of the person's own, by absolute path, the program's not among them. */
  files: string[];
  /** Names of packages. */
  packages: string[];
  /** What cannot be known from the text, a sentence each. */
  unknown: string[];
}
