import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { openSandbox, type PathSandbox } from "@mcp-reference/security";
import { tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { PathLocks } from "../write/path-locks.js";
import { applyPatch } from "./apply-patch.js";

let dir: string;
let sandbox: PathSandbox;

beforeEach(async () => {
  dir = await tempDir();
  sandbox = await openSandbox({ roots: [{ path: dir }] });
  return () => sandbox.close();
});

const apply = (patch: string, options: { dryRun?: boolean; strip?: number } = {}, given = sandbox) =>
  applyPatch({ sandbox: given, locks: new PathLocks(), signal: new AbortController().signal }, patch, {
    dryRun: false,
    ...options,
  });

/** The sandbox, where something happens just before a file is written. */
function beforeWriting(happen: (file: string) => void | Promise<void>): PathSandbox {
  const replace: PathSandbox["replace"] = async (file, ...rest) => {
    await happen(file);
    return sandbox.replace(file, ...rest);
  };
  return new Proxy(sandbox, {
    get: (target, name: keyof PathSandbox) => {
      if (name === "replace") return replace;
      const member = target[name];
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

const change = (file: string, old: string) => `--- ${file}\n+++ ${file}\n@@ -1 +1 @@\n-${old}\n+new\n`;

/** Every file below a directory with its content. */
async function tree(root = dir): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    files.map(async (file) => [path.relative(root, file), await readFile(file, "latin1")]),
  );
  return Object.fromEntries(contents.filter(([name]) => !name?.startsWith(".git")));
}

async function plant(files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), content);
  }
}

const refusal = (code: string, message = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe("applyPatch", () => {
  it("does to files what git did", async () => {
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "core.autocrlf=false", ...args], {
        cwd: dir,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
    const name = fc.constantFrom("a.txt", "b b.txt", "é.txt", "d/c.txt", "d/e/f.txt", 'q"uote', "tab\there", "a");
    const content = fc
      .tuple(fc.array(fc.constantFrom("one", "two", "three", "", "-- four", "cr\r"), { maxLength: 25 }), fc.boolean())
      .map(([lines, ended]) => lines.join("\n") + (ended ? "\n" : ""));
    const files = fc.dictionary(name, content, { maxKeys: 5 });
    git("init", "-q");
    await fc.assert(
      fc.asyncProperty(files, files, fc.constantFrom("3", "0", "1"), async (before, after, context) => {
        const clear = () =>
          Promise.all(
            Object.keys({ ...before, ...after }).map((file) =>
              rm(path.join(dir, file.split("/")[0] ?? ""), { recursive: true, force: true }),
            ),
          );
        await plant(before);
        git("add", "-A");
        git("commit", "-q", "--allow-empty", "-m", "before");
        await clear();
        await plant(after);
        git("add", "-A");
        const patch = git("diff", "--cached", "-M", "--no-color", `-U${context}`, "HEAD");
        const expected = await tree();
        await clear();
        await plant(before);
        if (patch !== "") await apply(patch);
        expect(await tree()).toEqual(expected);
        await clear();
      }),
      { numRuns: 40 },
    );
  });

  it("creates, changes, deletes and renames in one go", async () => {
    await plant({ "keep.txt": "1\n2\n3\n", "gone.txt": "x\n", "old.sh": "#!/bin/sh\n" });
    await chmod(path.join(dir, "old.sh"), 0o755);
    const changes = await apply(
      [
        "--- keep.txt\n+++ keep.txt\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n",
        "--- /dev/null\n+++ deep/er/new.txt\n@@ -0,0 +1 @@\n+hello\n",
        "--- gone.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n",
        "diff --git a/old.sh b/bin/new.sh\nrename from old.sh\nrename to bin/new.sh\n",
      ].join(""),
    );
    expect(await tree()).toEqual({
      "keep.txt": "1\ntwo\n3\n",
      "deep/er/new.txt": "hello\n",
      "bin/new.sh": "#!/bin/sh\n",
    });
    expect((await stat(path.join(dir, "bin/new.sh"))).mode & 0o777).toBe(0o755);
    expect(changes.map(({ change, path: file }) => `${change} ${file}`)).toEqual([
      "modified keep.txt",
      "created deep/er/new.txt",
      "deleted gone.txt",
      "renamed bin/new.sh",
    ]);
  });

  it("changes nothing when one hunk does not fit, and says which", async () => {
    const before = { "a.txt": "1\n", "b.txt": "2\n" };
    await plant(before);
    const patch = "--- a.txt\n+++ a.txt\n@@ -1 +1 @@\n-1\n+one\n--- b.txt\n+++ b.txt\n@@ -1 +1 @@\n-3\n+three\n";
    await expect(apply(patch)).rejects.toEqual(
      refusal("CONFLICT", /b\.txt: @@ -1 \+1 @@: the file has "2" at line 1, where it wants "3"/),
    );
    expect(await tree()).toEqual(before);
  });

  it("takes back what was written when a later file was changed meanwhile", async () => {
    await plant({ "a.txt": "1\n", "b.txt": "2\n", "c.txt": "3\n" });
    const interfere = beforeWriting((file) => (file === "b.txt" ? plant({ "b.txt": "other\n" }) : undefined));
    const create = "--- /dev/null\n+++ x/y/new.txt\n@@ -0,0 +1 @@\n+hello\n";
    const patch = create + change("a.txt", "1") + change("b.txt", "2");
    await expect(apply(patch, {}, interfere)).rejects.toEqual(refusal("CONFLICT"));
    expect(await tree()).toEqual({ "a.txt": "1\n", "b.txt": "other\n", "c.txt": "3\n" });
    expect((await readdir(dir)).sort()).toEqual(["a.txt", "b.txt", "c.txt"]);
  });

  it("says exactly what is left when that cannot be taken back", async () => {
    await plant({ "a.txt": "1\n", "b.txt": "2\n" });
    const interfere = beforeWriting((file) =>
      file === "b.txt" ? plant({ "a.txt": "other\n", "b.txt": "other\n" }) : undefined,
    );
    await expect(apply(change("a.txt", "1") + change("b.txt", "2"), {}, interfere)).rejects.toEqual(
      expect.objectContaining({ code: "UNKNOWN", details: { changed: ["a.txt"] } }),
    );
    expect(await tree()).toEqual({ "a.txt": "other\n", "b.txt": "other\n" });
  });

  it("stays inside and off secrets, links and read-only roots", async () => {
    const outside = await tempDir();
    await plant({ ".env": "KEY=1\n", "sub/a.txt": "1\n" });
    await symlink(outside, path.join(dir, "out"));
    for (const [name, code] of [
      ["../x.txt", "OUTSIDE_ROOT"],
      ["a/../../x.txt", "OUTSIDE_ROOT"],
      ["/etc/x.txt", "OUTSIDE_ROOT"],
      ["out/x.txt", "OUTSIDE_ROOT"],
      [".env.local", "PERMISSION_DENIED"],
    ] as const) {
      await expect(apply(`--- /dev/null\n+++ ${name}\n@@ -0,0 +1 @@\n+x\n`), name).rejects.toEqual(refusal(code));
    }
    await expect(apply("--- .env\n+++ .env\n@@ -1 +1 @@\n-KEY=1\n+KEY=2\n")).rejects.toEqual(
      refusal("PERMISSION_DENIED"),
    );
    const link = "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n";
    await expect(apply(link)).rejects.toEqual(refusal("UNSUPPORTED"));
    expect(await readdir(outside)).toEqual([]);
    expect(await tree()).toEqual({ ".env": "KEY=1\n", "sub/a.txt": "1\n" });
    const readOnly = await openSandbox({ roots: [{ path: dir, readOnly: true }] });
    const patch = "--- sub/a.txt\n+++ sub/a.txt\n@@ -1 +1 @@\n-1\n+2\n";
    await expect(apply(patch, {}, readOnly)).rejects.toEqual(refusal("PERMISSION_DENIED"));
    await readOnly.close();
  });

  it("strips prefixes as told, or as git writes them", async () => {
    const patch = (name: string) => `--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-1\n+2\n`;
    await plant({ "x.txt": "1\n", "y.txt": "1\n", "a/z.txt": "1\n" });
    await apply(patch("x.txt"));
    await apply(patch("deep/y.txt"), { strip: 2 });
    await apply("--- a/z.txt\n+++ a/z.txt\n@@ -1 +1 @@\n-1\n+2\n");
    expect(await tree()).toEqual({ "x.txt": "2\n", "y.txt": "2\n", "a/z.txt": "2\n" });
    await expect(apply(patch("x.txt"), { strip: 3 })).rejects.toEqual(refusal("INVALID_ARGUMENT"));
  });

  it("reads git's names without prefixes, and its modes", async () => {
    await plant({ "old.txt": "1\n", "run.sh": "1\n" });
    const patch = [
      "diff --git old.txt new.txt\nsimilarity index 100%\nrename from old.txt\nrename to new.txt\n",
      "diff --git run.sh run.sh\nold mode 100644\nnew mode 100755\n",
      "diff --git fresh.sh fresh.sh\nnew file mode 100755\n--- /dev/null\n+++ fresh.sh\n@@ -0,0 +1 @@\n+#!\n",
    ].join("");
    await apply(patch, { strip: 0 });
    expect(await tree()).toEqual({ "new.txt": "1\n", "run.sh": "1\n", "fresh.sh": "#!\n" });
    for (const name of ["run.sh", "fresh.sh"])
      expect((await stat(path.join(dir, name))).mode & 0o111, name).toBe(0o111);
    await apply("diff --git a/run.sh b/run.sh\nold mode 100755\nnew mode 100644\n");
    expect((await stat(path.join(dir, "run.sh"))).mode & 0o111).toBe(0);
  });

  it("refuses texts of more lines than memory should hold", async () => {
    await plant({ "lines.txt": "\n".repeat(3_000_000) });
    await expect(apply("--- lines.txt\n+++ lines.txt\n@@ -1 +1 @@\n-\n+x\n")).rejects.toEqual(refusal("TOO_LARGE"));
  });

  it("only checks in a dry run", async () => {
    await plant({ "a.txt": "1\n" });
    const patch = "--- a.txt\n+++ a.txt\n@@ -1 +1 @@\n-1\n+2\n";
    expect(await apply(patch, { dryRun: true })).toHaveLength(1);
    expect(await tree()).toEqual({ "a.txt": "1\n" });
  });

  it("refuses to create what exists, change what does not and delete in part", async () => {
    await plant({ "a.txt": "1\n2\n" });
    await expect(apply("--- /dev/null\n+++ a.txt\n@@ -0,0 +1 @@\n+x\n")).rejects.toEqual(refusal("ALREADY_EXISTS"));
    await expect(apply("--- b.txt\n+++ b.txt\n@@ -1 +1 @@\n-1\n+2\n")).rejects.toEqual(refusal("NOT_FOUND"));
    await expect(apply("--- a.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n")).rejects.toEqual(refusal("CONFLICT"));
    expect(await tree()).toEqual({ "a.txt": "1\n2\n" });
  });

  it("keeps marks and bytes that are not UTF-8", async () => {
    await writeFile(path.join(dir, "bom.txt"), "\uFEFFa\r\nb\r\n");
    await writeFile(path.join(dir, "latin.txt"), Buffer.from("caf\xe9\nb\n", "latin1"));
    await writeFile(path.join(dir, "wide.txt"), Buffer.from("\uFEFFé\nb\n", "utf16le"));
    const patch = (name: string, context: string) => `--- ${name}\n+++ ${name}\n@@ -1,2 +1,2 @@\n${context}-b\n+c\n`;
    await apply(
      `${patch("bom.txt", " a\n")}${patch("wide.txt", " é\n")}${patch("latin.txt", "").replace("1,2 +1,2", "2 +2")}`,
    );
    expect(await readFile(path.join(dir, "bom.txt"), "utf8")).toBe("\uFEFFa\r\nc\r\n");
    expect(await readFile(path.join(dir, "latin.txt"), "latin1")).toBe("caf\xe9\nc\n");
    expect(await readFile(path.join(dir, "wide.txt"), "utf16le")).toBe("\uFEFFé\nc\n");
    await expect(apply("--- latin.txt\n+++ latin.txt\n@@ -2 +2 @@\n-c\n+é\n")).rejects.toEqual(refusal("UNSUPPORTED"));
  });
});
