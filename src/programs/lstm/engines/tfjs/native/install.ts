import { existsSync } from "node:fs";
import { packageFile } from "../../../../../package.ts";
import { NATIVE_PACKAGES, TFJS_NODE_VERSION } from "./nativeFolder.ts";

/** The script that makes the native engine; it comes with the repository, not with the npm package. */
const SCRIPT = packageFile("scripts/native.ts");

/** The one command that adds the native engine: the repository's script, which reaches only npm and PyPI, or npm's own way. */
export const INSTALL_NATIVE = existsSync(SCRIPT)
  ? "npm run native"
  : `npm install ${NATIVE_PACKAGES.cpu}@${TFJS_NODE_VERSION}`;
