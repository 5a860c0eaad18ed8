/** Longest name or value that a message quotes. */
const LONGEST = 80;

/** A place in a document as code would name it: `case.model.layers[0].units`. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((key, i) => {
      if (typeof key === "number") return `[${key}]`;
      const name = String(key);
      return /^[\w$-]{1,80}$/.test(name) ? `${i ? "." : ""}${name}` : `[${shown(name)}]`;
    })
    .join("");
}

/** A value out of a document as JSON on one line, cut where it is long. Takes time for what it shows only. */
export function shown(value: unknown): string {
  if (typeof value === "string")
    return value.length > LONGEST ? `${JSON.stringify(value.slice(0, LONGEST))}...` : JSON.stringify(value);
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 0) return "{}";
    const names = keys.slice(0, 3).map((key) => shown(key));
    return `an object with ${names.join(", ")}${keys.length > 3 ? ", ..." : ""}`;
  }
  return String(value);
}
