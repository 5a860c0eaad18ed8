import { SingleBar } from "cli-progress";
import { printable, shellWord } from "../cases/printable.ts";
import { deathsBySignature, lostCaseSentence } from "../reporters/hunt.ts";
import { shownPath } from "../reporters/shownPath.ts";
import type { HuntHooks } from "../search/hunt.ts";
import type { HuntSettings } from "../search/settings.ts";
import type { Tally } from "../search/tally.ts";
import { note } from "./output.ts";

/** Tells on stderr how a hunt goes on: a bar on a terminal, else a line now and then. */
export class HuntProgressBar {
  readonly hooks: HuntHooks;
  readonly #settings: HuntSettings;
  readonly #bar = new SingleBar({
    format: "{progress}  {pace} cases/s  hottest {hottest}  {deaths}{captures}",
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 5000,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  #start = performance.now();
  #before = 0;

  constructor(settings: HuntSettings) {
    this.#settings = settings;
    this.hooks = {
      onStart: ({ held, from }) => {
        for (const { path, signature, step } of held.stale)
          note(
            `${shellWord(shownPath(path))} no longer dies as it should: now ${signature ?? "it lives"} at step ${step}`,
          );
        if (held.failures.length > 0)
          note(`replayed ${held.failures.length} fixtures: ${held.failures.length} die as they should`);
        if (from > 0) note(`going on from case ${from}, where the last hunt stopped`);
        this.#start = performance.now();
        this.#before = from;
        this.#bar.start(1, 0, { progress: "0 cases", pace: "-", hottest: "-", deaths: "", captures: "" });
      },
      onCase: (tally) => this.#update(tally),
      onLost: (lost) => note(lostCaseSentence(lost)),
      onCaptures: (underWay) =>
        this.#bar.update({
          captures:
            underWay === 0 ? "" : `  ${settings.shrink === "none" ? "capturing" : "shrinking"} ${underWay}`,
        }),
    };
  }

  stop(): void {
    this.#bar.stop();
  }

  #update(tally: Tally): void {
    const { budget } = this.#settings;
    const seconds = (performance.now() - this.#start) / 1000;
    const { cases, hottest } = tally;
    this.#bar.update(cases, {
      progress:
        budget.kind === "cases"
          ? `${cases} of ${budget.cases} cases`
          : `${cases} cases, ${seconds.toFixed(0)} of ${budget.seconds} s`,
      pace: ((cases - this.#before) / Math.max(seconds, 0.001)).toFixed(0),
      hottest: hottest === null ? "-" : `1e${hottest.heat.toFixed(1)} (case ${hottest.index})`,
      deaths: printable(deathsBySignature(tally)),
    });
  }
}
