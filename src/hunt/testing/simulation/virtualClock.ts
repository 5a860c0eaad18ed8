import type { Clock } from "../../clock.ts";

interface Event {
  at: number;
  /** Of two at the same time, the one that was asked for first comes first. */
  order: number;
  act: () => void;
}

/** A clock whose hours pass as fast as what is to happen in them is done. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  #events: Event[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, act: () => void): () => void {
    const event = { at: this.#now + ms, order: this.#order++, act };
    this.#events.push(event);
    return () => {
      this.#events = this.#events.filter((other) => other !== event);
    };
  }

  every(ms: number, act: () => void): () => void {
    let callOff = () => {};
    const again = () => {
      callOff = this.after(ms, () => {
        again();
        act();
      });
    };
    again();
    return () => callOff();
  }

  /** Goes on to the next thing that is to happen, and lets it. */
  step(): void {
    const [first, ...others] = this.#events;
    if (first === undefined) throw new Error("nothing is ever to happen again: the hunt hangs");
    const next = others.reduce(
      (a, b) => (b.at < a.at || (b.at === a.at && b.order < a.order) ? b : a),
      first,
    );
    this.#events.splice(this.#events.indexOf(next), 1);
    this.#now = next.at;
    next.act();
  }
}
