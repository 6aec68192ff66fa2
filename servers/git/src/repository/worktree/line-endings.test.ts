import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ATTRIBUTE_LINES, plannedContent } from "../../../test/support/generated-repository.js";
import { openRepository } from "../open-repository.js";
import { hashFile } from "./hash-file.js";
import { toRepository, toWorktree } from "./line-endings.js";

const PATHS = ["a", "b", "c.txt", "d.o", "e"];
const content = fc.oneof(
  plannedContent,
  fc
    .array(fc.constantFrom("a", "\r", "\n", "\r\n", "$Id$", "$Id: x y $", "$Id:z$", "$ ", "\0", "\x1a", "\x01"), {
      maxLength: 8,
    })
    .map((parts) => parts.join("")),
);
const files = fc.array(content, { minLength: PATHS.length, maxLength: PATHS.length });
const attribute = fc.oneof(
  fc.constantFrom(...ATTRIBUTE_LINES),
  fc
    .tuple(
      fc.constantFrom("*", "*.txt", "a", "b"),
      fc.subarray(
        [
          "text",
          "-text",
          "!text",
          "text=auto",
          "text=input",
          "eol=lf",
          "eol=crlf",
          "-eol",
          "crlf",
          "-crlf",
          "crlf=auto",
          "ident",
        ],
        { maxLength: 3 },
      ),
    )
    .map(([pattern, states]) => [pattern, ...states].join(" ")),
);
const config = fc.record({
  "core.autocrlf": fc.constantFrom("false", "true", "input"),
  "core.eol": fc.constantFrom("lf", "crlf", "native"),
});

describeGit("line ends", () => {
  test("are converted as git does, both ways", { timeout: 300_000 }, async () => {
    const parent = await tempDir();
    let next = 0;
    await fc.assert(
      fc.asyncProperty(
        files,
        files,
        fc.array(attribute, { maxLength: 3 }),
        config,
        async (before, after, lines, settings) => {
          const dir = join(parent, `r${next++}`);
          mkdirSync(dir);
          git(dir, "init", "-q");
          writeAll(dir, before);
          git(dir, "add", ".");
          writeFileSync(join(dir, ".gitattributes"), lines.join("\n"));
          // One file of settings is faster than three runs of git.
          const settingLines = Object.entries(settings).map(([key, value]) => `[core]\n${key.slice(5)} = ${value}\n`);
          writeFileSync(join(dir, ".git/config"), `${readFileSync(join(dir, ".git/config"))}${settingLines.join("")}`);
          writeAll(dir, after);
          const repo = openRepository(dir, { paths: [dir] });
          const hashed = PATHS.map((path) => hashFile(repo, path)?.oid);
          git(dir, "add", ...PATHS);
          const stored = git(dir, "ls-files", "-s", ...PATHS).split("\n");
          expect(hashed).toEqual(stored.map((line) => line.split(" ")[1]));
          git(dir, "checkout-index", "-qf", "--prefix=out/", "--", ...PATHS);
          repo.refresh();
          for (const [i, path] of PATHS.entries()) {
            const blob = repo.objects.blob(hashed[i] ?? "");
            expect(toWorktree(repo, path, blob).toString()).toBe(readFileSync(join(dir, "out", path)).toString());
          }
        },
      ),
      { numRuns: Number(process.env["RUNS"] ?? 20) },
    );
  });

  test.each(["UTF-16", "UTF-16LE", "UTF-16BE", "UTF-16LE-BOM", "ISO-8859-1"])(
    "text in %s is converted",
    async (encoding) => {
      const dir = await tempDir();
      git(dir, "init", "-q");
      writeFileSync(join(dir, ".gitattributes"), `a working-tree-encoding=${encoding} text eol=crlf\n`);
      const oid = gitBytes(dir, ["hash-object", "-w", "--stdin"], { input: "grün\nß\n" }).toString().trim();
      git(dir, "update-index", "--add", "--cacheinfo", `100644,${oid},a`);
      git(dir, "checkout-index", "-f", "a");
      const repo = openRepository(dir, { paths: [dir] });
      expect(toWorktree(repo, "a", Buffer.from("grün\nß\n"))).toEqual(readFileSync(join(dir, "a")));
      expect(toRepository(repo, "a", readFileSync(join(dir, "a"))).toString()).toBe("grün\nß\n");
    },
  );

  test("filters are not run", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q");
    git(dir, "config", "filter.x.clean", "touch ran");
    writeFileSync(join(dir, ".gitattributes"), "a filter=x\nb filter=unknown\nc working-tree-encoding=EBCDIC\n");
    const repo = openRepository(dir, { paths: [dir] });
    expect(() => toRepository(repo, "a", Buffer.from("x"))).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
    expect(toRepository(repo, "b", Buffer.from("x")).toString()).toBe("x");
    expect(() => toWorktree(repo, "c", Buffer.from("x"))).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
  });
});

function writeAll(dir: string, contents: readonly string[]): void {
  for (const [i, path] of PATHS.entries()) writeFileSync(join(dir, path), contents[i] ?? "");
}
