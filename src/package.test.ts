import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkStrictly } from "./cli/testing/strictConsumer.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-consumer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package", () => {
  it("shows a strict TypeScript program none of tensorflow.js's types, which have errors of their own", async () => {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(resolve("."), join(folder, "node_modules/nanproof"));
    writeFileSync(
      join(folder, "program.ts"),
      `import { hunt, safeGlobalNorm, train } from "nanproof";
import "nanproof/vitest";
import { watch } from "nanproof/program";
export const used = [hunt, safeGlobalNorm, train, watch];
`,
    );
    const { errors, exitCode, files } = await checkStrictly(folder);
    expect(errors).toEqual([]);
    expect(exitCode).toBe(0);
    expect(files.some((file) => file.endsWith("dist/index.d.ts"))).toBe(true);
    expect(files.filter((file) => file.includes("@tensorflow"))).toEqual([]);
  });

  it("holds every file that its README links to; those that its docs link to are in the repository", () => {
    const { files } = JSON.parse(readFileSync("package.json", "utf8")) as { files: string[] };
    const docs = readdirSync("docs").filter((name) => name.endsWith(".md"));
    const pages = ["README.md", "CHANGELOG.md", ...docs.map((name) => `docs/${name}`)];
    const links = pages.flatMap((page) =>
      [...withoutCode(readFileSync(page, "utf8")).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(
        ([, link = ""]) => ({
          page,
          target: normalize(join(dirname(page), link)),
        }),
      ),
    );
    expect(links.length).toBeGreaterThan(20);
    for (const { page, target } of links) {
      expect(existsSync(target), `${page}: ${target}`).toBe(true);
      if (page !== "README.md") continue;
      const isHeld = files.some((held) => target === held || target.startsWith(`${held}/`));
      expect(isHeld, `${page} links to ${target}, which the package leaves out`).toBe(true);
    }
  });
});

/** A page without its blocks of code and what is quoted in backticks: `model["rnn"](x)` there is no link. */
function withoutCode(page: string): string {
  return page.replace(/^(```|~~~)[\s\S]*?^\1/gm, "").replace(/`[^`\n]*`/g, "");
}
