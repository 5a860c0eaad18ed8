import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { type Entry, open, type ZipFile } from "yauzl";

/** Maps an entry of a wheel to its path below the target folder; null for an entry that is left out. */
export type Destination = (entry: string) => string | null;

/**
 * Unpacks a part of a wheel. Names that lead out of the folder are refused by yauzl.
 * @returns How many files were written.
 */
export async function unpack(wheel: string, folder: string, destination: Destination): Promise<number> {
  const zip = await promisify<string, object, ZipFile>(open)(wheel, { lazyEntries: true });
  const openEntry = promisify(zip.openReadStream.bind(zip)) as (
    entry: Entry,
  ) => Promise<NodeJS.ReadableStream>;
  let files = 0;
  await new Promise<void>((resolve, reject) => {
    zip.on("error", reject);
    zip.on("end", resolve);
    zip.on("entry", (entry: Entry) => {
      const target = entry.fileName.endsWith("/") ? null : destination(entry.fileName);
      if (target === null) return zip.readEntry();
      const path = join(folder, target);
      mkdirSync(dirname(path), { recursive: true });
      files += 1;
      openEntry(entry)
        .then((stream) => pipeline(stream, createWriteStream(path)))
        .then(() => zip.readEntry(), reject);
    });
    zip.readEntry();
  });
  return files;
}
