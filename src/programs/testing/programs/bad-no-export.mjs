// A file that exports no program and watches nothing.
export const answer = 42;
