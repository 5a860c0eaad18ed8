import type { OptimizerSpec } from "../../programs/lstm/cases/schema.ts";
import { type Flag, WrongValue } from "./flag.ts";
import { valueFlag } from "./kinds.ts";

type Clip = OptimizerSpec["clip"];

/** Ways of clipping by the name that `--clip` takes. */
const KINDS = {
  "global-norm": "globalNorm",
  "safe-global-norm": "safeGlobalNorm",
  value: "value",
} as const;

/** `--clip`: how gradients are clipped, as `none` or NAME=LIMIT. */
export const clipFlag: Flag<Clip | undefined> = valueFlag<Clip, undefined>(
  {
    description: `how gradients are clipped: none, or ${Object.keys(KINDS).join(", ")} with =LIMIT`,
    defaultWords: "the preset's",
  },
  clipOf,
  clipText,
);

function clipOf(text: string): Clip {
  if (text === "none") return { kind: "none" };
  const [name = "", limit = ""] = text.split("=");
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name as keyof typeof KINDS] : undefined;
  if (kind !== undefined && Number(limit) > 0) return { kind, limit: Number(limit) };
  throw new WrongValue(`none, or one of ${Object.keys(KINDS).join(", ")} with =LIMIT, as in global-norm=1`);
}

function clipText(clip: Clip): string {
  if (clip.kind === "none") return "none";
  const name = Object.entries(KINDS).find(([, kind]) => kind === clip.kind)?.[0];
  return `${name}=${clip.limit}`;
}
