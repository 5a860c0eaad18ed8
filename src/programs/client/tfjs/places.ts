import { isPersonal } from "../ownFiles.ts";
import { type Frame, framesOf, framesUpTo, type LazyFrame, original, pathOf } from "../stack.ts";

/** A place in the code at which something is computed. */
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
  /** By the name of a file. */
  private readonly personal = new Map<string, boolean>();
  /** The lines of places in the person's files. */
  private readonly lines = new Map<string, Frame>();

  /** The place of the code that runs, from the caller out to the step, or to the gradient function within it. */
  here(): Place {
    const frames = framesUpTo((name) => BOUNDARIES.has(name?.split(".").at(-1) ?? ""));
    const at = frames.findIndex(({ url }) => this.isPersonal(url));
    const own = frames[at];
    const texts = frames.map(textOf);
    return {
      own: own === undefined ? null : this.lineOf(own),
      key: texts.slice(0, at < 0 ? texts.length : at + 1).join(),
      path: texts.join(),
    };
  }

  private lineOf(frame: LazyFrame): Frame {
    const known = this.lines.get(textOf(frame));
    if (known !== undefined) return known;
    const found = original(frame.frame());
    this.lines.set(textOf(frame), found);
    return found;
  }

  private isPersonal(url: string): boolean {
    const known = this.personal.get(url);
    if (known !== undefined) return known;
    const found = isPersonal(pathOf(url));
    this.personal.set(url, found);
    return found;
  }
}

/** The innermost line of the person's own in a stack, or null. */
export function callerOf(error: Error): Frame | null {
  const own = framesOf(error).find(({ file }) => isPersonal(file));
  return own === undefined ? null : original(own);
}

function textOf({ url, position }: LazyFrame): string {
  return `${url}:${position}`;
}
