import { shellWord } from "../documents/printable.ts";
import type { HuntHooks } from "../hunt/hunt.ts";
import type { HuntSettings } from "../hunt/settings.ts";
import type { Tally } from "../hunt/tally.ts";
import { deathsBySignature, lostCaseSentence } from "../reporters/hunt.ts";
import { shownPath } from "../reporters/shownPath.ts";
import { note } from "./output.ts";
import { ProgressLine } from "./progressLine.ts";

/** Tells on stderr how a hunt goes on. */
export class HuntProgressBar {
  readonly hooks: HuntHooks;
  readonly #settings: HuntSettings;
  readonly #line = new ProgressLine();
  #start = performance.now();
  #before = 0;
  #tally: Tally | null = null;
  #captures = 0;

  constructor(settings: HuntSettings) {
    this.#settings = settings;
    this.hooks = {
      onStart: ({ held, from }) => {
        for (const { path, signature, step } of held.stale)
          note(
            `${shellWord(shownPath(path))} no longer dies as it should: now ${signature ?? "it lives"} at step ${step}`,
          );
        for (const { path, why } of held.notReplayed)
          note(`${shellWord(shownPath(path))} is not replayed: ${why}`);
        if (held.failures.length > 0)
          note(`replayed ${held.failures.length} fixtures: ${held.failures.length} die as they should`);
        if (from > 0) note(`going on from case ${from}, where the last hunt stopped`);
        this.#start = performance.now();
        this.#before = from;
        this.#line.tell({ head: "0 cases" });
      },
      onReplay: (done, total) =>
        this.#line.tell({
          head: `replaying fixture ${done + 1}/${total}`,
          counted: { what: "fixtures", done, total },
        }),
      onCase: (tally) => {
        this.#tally = tally;
        this.#tell();
      },
      onLost: (lost) => note(lostCaseSentence(lost)),
      onCaptures: (underWay) => {
        this.#captures = underWay;
        this.#tell();
      },
    };
  }

  stop(): void {
    this.#line.close();
  }

  #tell(): void {
    if (this.#tally === null) return;
    const { budget, shrink } = this.#settings;
    const seconds = (performance.now() - this.#start) / 1000;
    const { cases, hottest } = this.#tally;
    const progress =
      budget.kind === "cases"
        ? `${cases} of ${budget.cases} cases`
        : `${cases} cases, ${seconds.toFixed(0)} of ${budget.seconds} s`;
    const pace = ((cases - this.#before) / Math.max(seconds, 0.001)).toFixed(0);
    const heat = hottest === null ? "-" : `1e${hottest.heat.toFixed(1)} (case ${hottest.index})`;
    const captures =
      this.#captures === 0 ? "" : `  ${shrink === "none" ? "capturing" : "shrinking"} ${this.#captures}`;
    this.#line.tell({
      head: progress,
      tail: `${pace} cases/s  hottest ${heat}  ${deathsBySignature(this.#tally)}${captures}`,
      counted: { what: "cases", done: cases, total: budget.kind === "cases" ? budget.cases : null },
      ...(budget.kind === "time" && { seconds: budget.seconds }),
    });
  }
}
