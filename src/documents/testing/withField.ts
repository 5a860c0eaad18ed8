/** A value in a JSON document. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** An object in a JSON document. */
export type JsonObject = { [key: string]: Json };

/** The text of a JSON document with one field set, or left out where the value is undefined; `path` as in case.model. */
export function withField(text: string, path: string, value: Json | undefined): string {
  const document = JSON.parse(text) as JsonObject;
  const keys = path.split(".");
  const last = keys.pop() as string;
  const holder = keys.reduce<JsonObject>((inner, key) => inner[key] as JsonObject, document);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return JSON.stringify(document);
}
