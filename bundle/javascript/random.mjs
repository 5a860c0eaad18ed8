// What an unseeded program draws from: Math.random, from which tensorflow.js takes its seeds, the stream that `train` is
// given, and the clock of tensorflow.js. The generator is Johannes Baagøe's Alea.

/** Makes a generator, from a text or from its position. */
function alea(seed, at) {
  let { c, s0, s1, s2 } = at ?? begin(seed);
  return () => {
    const t = 2091639 * s0 + c * 2.3283064365386963e-10;
    s0 = s1;
    s1 = s2;
    c = t | 0;
    s2 = t - c;
    return s2;
  };
}

function begin(seed) {
  let n = 0xefc8249d;
  const mash = (text) => {
    for (let i = 0; i < text.length; i++) {
      n += text.charCodeAt(i);
      let h = 0.02519603282416938 * n;
      n = h >>> 0;
      h -= n;
      h *= n;
      n = h >>> 0;
      h -= n;
      n += h * 0x100000000;
    }
    return (n >>> 0) * 2.3283064365386963e-10;
  };
  const [a, b, d] = [mash(" "), mash(" "), mash(" ")];
  const less = (value) => {
    const left = value - mash(seed);
    return left < 0 ? left + 1 : left;
  };
  return { c: 1, s0: less(a), s1: less(b), s2: less(d) };
}

export function seedRandom(first) {
  let streams;
  let ticks = 0;
  let current = first;
  const seed = (next) => {
    current = next;
    ticks = 0;
    streams = { "Math.random": alea(`${next}/Math.random`), random: alea(`${next}/random`) };
    const platform = globalThis._tfengine?.ENV.platform;
    if (platform !== undefined) platform.now = () => current * 1e9 + ticks++;
  };
  seed(first);
  Math.random = () => streams["Math.random"]();
  return {
    seed,
    random: () => streams.random(),
    restore(state) {
      if (!state.has("random/clock")) seed(current);
      for (const name of ["Math.random", "random"]) {
        const found = state.get(`random/${name}`);
        if (found === undefined) continue;
        const [c, s0, s1, s2] = found.numbers;
        streams[name] = alea("", { c, s0, s1, s2 });
      }
      const clock = state.get("random/clock");
      if (clock !== undefined) ticks = clock.numbers[0];
    },
  };
}
