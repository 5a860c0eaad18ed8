import type { Engine } from "../../engine.ts";
import type { BackendName } from "../backend.ts";
import { tfjsEngine } from "../engine.ts";
import { INSTALL_NATIVE } from "../native/install.ts";
import { locateNative } from "../native/locate.ts";

const nativeIsThere = locateNative() !== null;
if (!nativeIsThere && process.env.NANPROOF_REQUIRE_NATIVE)
  throw new Error(`NANPROOF_REQUIRE_NATIVE is set, and tfjs-node is not installed: ${INSTALL_NATIVE}`);

/** The tfjs backends of this machine, for `describe.each`. */
export const BACKENDS: readonly BackendName[] = ["cpu", "wasm", ...(nativeIsThere ? ["node" as const] : [])];

/** Titles of the tests that say what was skipped, for `test.skip.each`: none where every engine is there. */
export const LEFT_OUT: readonly string[] = nativeIsThere
  ? []
  : [`tfjs-node: not installed, so skipped here; ${INSTALL_NATIVE} adds it`];

/** An engine on each of {@link BACKENDS}. */
export async function openBackends(): Promise<(backend: BackendName) => Engine> {
  const engines = new Map<BackendName, Engine>();
  for (const backend of BACKENDS) engines.set(backend, await tfjsEngine(backend));
  return (backend) => {
    const engine = engines.get(backend);
    if (engine === undefined) throw new Error(`tfjs-${backend} is not in BACKENDS`);
    return engine;
  };
}
