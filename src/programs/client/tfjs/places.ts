import { isPersonal } from "../ownFiles.ts";
import { deepError, type Frame, framesOf, original } from "../stack.ts";

/** Where in the code something is computed. */
export interface Place {
  /** The innermost line of the person's own within the step; null where there is none. */
  own: Frame | null;
  /** Stands for the place: the functions from the kernel out to the person's line. */
  key: string;
  /** Stands for the way to it: all functions from the kernel out to the step. */
  path: string;
}

/** Functions of ours between which a stack is the person's and tensorflow.js's. */
const BOUNDARIES = new Set(["nanproofStep", "nanproofGradient"]);

/** Finds places, and remembers which files are the person's. */
export class Places {
  private readonly personal = new Map<string, boolean>();

  /** The place of the code that runs, from the caller out to the step, or to the gradient function within it. */
  here(): Place {
    const frames = within(framesOf(deepError()));
    const at = frames.findIndex(({ file }) => this.isPersonal(file));
    const own = frames[at];
    return {
      own: own === undefined ? null : original(own),
      key: frames
        .slice(0, at < 0 ? frames.length : at + 1)
        .map(text)
        .join(),
      path: frames.map(text).join(),
    };
  }

  private isPersonal(file: string): boolean {
    const known = this.personal.get(file);
    if (known !== undefined) return known;
    const found = isPersonal(file);
    this.personal.set(file, found);
    return found;
  }
}

/** The innermost line of the person's own in a stack, or null. */
export function callerOf(error: Error): Frame | null {
  const own = framesOf(error).find(({ file }) => isPersonal(file));
  return own === undefined ? null : original(own);
}

function within(frames: Frame[]): Frame[] {
  const end = frames.findIndex((frame) => BOUNDARIES.has(frame.function?.split(".").at(-1) ?? ""));
  return end < 0 ? [] : frames.slice(0, end);
}

function text({ file, line, column }: Frame): string {
  return `${file}:${line}:${column}`;
}
