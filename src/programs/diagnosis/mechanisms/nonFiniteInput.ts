import type { Judge } from "../evidence.ts";

/** The batch was not finite, or a constant of the program that is not became a result. */
export const nonFiniteInput: Judge = ({ given }) => {
  if (given === null || isState(given.name)) return null;
  const { name, nan, inf } = given;
  const what = name === null ? "A constant of the program" : name;
  return { because: `${what} held ${nan} NaN and ${inf} infinite numbers before the step.` };
};

/** True where something that the step was given has the name of a part of the state. */
export function isState(name: string | null): boolean {
  return name !== null && !name.startsWith("batch/");
}
