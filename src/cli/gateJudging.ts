import { type GatedFixture, gateFixtures } from "../gate/gate.ts";
import type { Engine, EngineName } from "../programs/lstm/engines/engine.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import type { ProgramHost } from "../programs/process/program.ts";
import type { StepInvariant } from "../programs/stepInvariant.ts";
import type { GateRow } from "../reporters/gate.ts";
import { shownPath } from "../reporters/shownPath.ts";
import { sourcePlace } from "../reporters/sourcePlace.ts";
import type { GateSubject } from "./gateSubjects.ts";
import type { Interrupt } from "./interrupt.ts";
import { ProgressLine } from "./progressLine.ts";

/** Everything that fixtures are judged by but for the subject. */
export interface Judging {
  paths: readonly string[];
  /** Number of subjects. */
  subjects: number;
  maxWork: number;
  /** The invariants that runs are held to. */
  invariants: readonly StepInvariant[];
  programs: ReadonlyMap<string, ProgramHost>;
  interrupt: Interrupt;
}

/** Judges the fixtures of a gate, subject after subject, and shows how far it has come. */
export class GateJudge {
  readonly #judging: Judging;
  readonly #open: (name: string) => Promise<Engine>;
  /** Fixtures of programs, which no subject says anything of: judged once. */
  readonly #ofPrograms = new Map<string, GatedFixture>();
  #done = 0;

  constructor(judging: Judging) {
    this.#judging = judging;
    this.#open = openOnce(judging.invariants);
  }

  /** Judgements so far, over all subjects. */
  get done(): number {
    return this.#done;
  }

  /** Judgements that there are to be. */
  get total(): number {
    return this.#judging.subjects * this.#judging.paths.length;
  }

  /** Judges every fixture under a subject; where it is interrupted, those before. */
  async judge({ fix, shown }: GateSubject): Promise<GateRow[]> {
    const { paths, maxWork, programs, interrupt, subjects } = this.#judging;
    const line = new ProgressLine();
    const rows: GateRow[] = [];
    const count = (...kinds: string[]) => rows.filter(({ verdict: { kind } }) => kinds.includes(kind)).length;
    const of = subjects === 1 ? "" : `${shown}: `;
    const { total } = this;
    const tell = () => {
      interrupt.lastWords(`interrupted after ${this.#done} of ${total} fixtures`);
      line.tell({
        head: `fixture ${this.#done}/${total}`,
        tail: `${of}${count("held")} held, ${count("failed", "stale")} failed or stale`,
        counted: { what: "fixtures", done: this.#done, total },
      });
    };
    tell();
    try {
      for (const path of paths) {
        const known = this.#ofPrograms.get(path);
        const options = { fix, maxWork, programs, open: this.#open, signal: interrupt.signal };
        for await (const gated of known === undefined ? gateFixtures([path], options) : [known]) {
          if (gated.program !== null) this.#ofPrograms.set(path, gated);
          rows.push(this.#rowOf(gated));
          this.#done += 1;
          tell();
        }
        if (interrupt.signal.aborted) break;
      }
    } catch (error) {
      // The process of a user's fix was ended by the interrupt.
      if (!interrupt.signal.aborted) throw error;
    } finally {
      line.close();
    }
    return rows;
  }

  #rowOf({ path, ...gated }: GatedFixture): GateRow {
    const { program, verdict } = gated;
    const host = program === null ? undefined : this.#judging.programs.get(program);
    const site = verdict.kind === "failed" ? verdict.site : undefined;
    const source = host === undefined ? null : sourcePlace(host.hosting.order.file, site);
    return { fixture: shownPath(path), ...gated, source };
  }
}

/** Opens each engine once, its runs held to the invariants. */
function openOnce(invariants: readonly StepInvariant[]): (name: string) => Promise<Engine> {
  const opened = new Map<string, Promise<Engine>>();
  return (name) => {
    const engine =
      opened.get(name) ?? openEngine(name as EngineName).then((bare) => ({ ...bare, invariants }));
    opened.set(name, engine);
    return engine;
  };
}
