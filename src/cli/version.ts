import { readFileSync } from "node:fs";

/** The version in package.json, which stands two folders up from src/cli and from dist/cli alike. */
export function version(): string {
  const json = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return json.version;
}
