import type { HuntHooks, HuntReport } from "../hunt/hunt.ts";
import type { HuntSettings } from "../hunt/settings.ts";
import { type HuntStatistics, StatisticsGatherer } from "../hunt/statistics.ts";
import { statisticsLines } from "../reporters/huntStatistics.ts";
import {
  type CommonFields,
  commonFields,
  observationOf,
  statisticsObservation,
} from "../reporters/observations.ts";
import { ObservationFile } from "./observationFile.ts";

/** Looks at the cases of a hunt, for `--stats` and `--observe`. */
export class HuntWatch {
  readonly #gatherer = new StatisticsGatherer();
  readonly #settings: HuntSettings;
  readonly #file: ObservationFile | null;
  readonly #common: CommonFields;

  /** @throws UsageError when the file cannot be written to. */
  constructor(settings: HuntSettings, { observe }: { observe: string | undefined }) {
    this.#settings = settings;
    this.#common = commonFields(settings, Date.now() / 1000);
    this.#file = observe === undefined ? null : new ObservationFile(observe);
  }

  /** The hooks through which the hunt tells it of each case. */
  get hooks(): Pick<HuntHooks, "onBooked"> {
    return {
      onBooked: (booked) => {
        this.#gatherer.add(booked);
        this.#file?.add(observationOf(booked, this.#settings, this.#common));
      },
    };
  }

  /** The statistics of all cases, and their lines. */
  end(report: HuntReport): { statistics: HuntStatistics; lines: string[] } {
    const statistics = this.#gatherer.statistics();
    const lines = statisticsLines(statistics, report);
    this.#file?.add(statisticsObservation(lines, this.#common));
    return { statistics, lines };
  }

  /** Lets go of the file. */
  close(): void {
    this.#file?.close();
  }

  /** @throws UsageError when observations are missing from the file. */
  check(): void {
    if (this.#file?.broken) throw this.#file.broken;
  }
}
