import { describe, expect, it } from "vitest";
import { drive } from "./coroutine.ts";

function* sum(...parts: unknown[]) {
  let total = 0;
  for (const part of parts) total += (yield part) as number;
  return total;
}

describe("drive", () => {
  it("is synchronous as long as nothing is a promise", () => {
    expect(drive(sum(1, 2, 3))).toBe(6);
  });

  it("is a promise from the first promise on", async () => {
    const result = drive(sum(1, Promise.resolve(2), 3));
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toBe(6);
  });

  it("throws what is thrown, at once or later, and into the computation", async () => {
    function* guarded(value: unknown) {
      try {
        return (yield value) as string;
      } catch (error) {
        return `caught ${(error as Error).message}`;
      }
    }
    expect(await drive(guarded(Promise.reject(new Error("late"))))).toBe("caught late");
    expect(() =>
      drive(
        (function* (): Generator<unknown, void> {
          yield 1;
          throw new Error("now");
        })(),
      ),
    ).toThrow("now");
  });

  it("does not run out of stack", () => {
    expect(drive(sum(...new Array(100_000).fill(1)))).toBe(100_000);
  });
});
