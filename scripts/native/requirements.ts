import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { execa } from "execa";
import type { Plan } from "./plan.ts";

/** Something that the machine lacks, and how to get it. */
export interface Lack {
  what: string;
  remedy: string;
}

/** The platform that the wheels are built for. */
const PLATFORM = "linux x64";

/** Everything that is missing for the plan, looked for before anything is fetched. */
export async function lacking({ folder, megabytes }: Plan): Promise<Lack[]> {
  const platform = `${process.platform} ${process.arch}`;
  if (platform !== PLATFORM)
    return [
      {
        what: `a wheel of TensorFlow for ${platform}: the pinned ones are for ${PLATFORM}`,
        remedy: "npm install @tensorflow/tfjs-node@4.22.0 where its own download gets through",
      },
    ];
  const tools: [string, string[], string, string][] = [
    [
      "python3",
      ["--version"],
      "python3 (for pip and node-gyp; not needed afterwards)",
      "apt-get install python3",
    ],
    ["python3", ["-m", "pip", "--version"], "pip", "apt-get install python3-pip"],
    [
      process.env.CXX || "g++",
      ["--version"],
      "a C++ compiler (g++, or what CXX names)",
      "apt-get install g++",
    ],
    ["make", ["--version"], "make", "apt-get install make"],
    ["npm", ["--version"], "npm", "install Node with its npm"],
  ];
  const lacks: Lack[] = [];
  for (const [command, args, what, remedy] of tools) {
    const { failed } = await execa(command, args, { reject: false });
    if (failed) lacks.push({ what, remedy });
  }
  const free = freeMegabytes(folder);
  if (free < megabytes.disk)
    lacks.push({
      what: `disk: ${megabytes.disk} MB are needed and ${free} MB are free for ${folder}`,
      remedy: "free some, or name another place in XDG_CACHE_HOME",
    });
  return lacks;
}

function freeMegabytes(folder: string): number {
  let place = folder;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  return Math.floor((bavail * bsize) / 1e6);
}
