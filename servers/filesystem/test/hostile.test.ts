import { execFileSync } from "node:child_process";
import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { connect, errorOf, tempDir, textOf, variants } from "@mcp-reference/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import definition from "../src/index.js";

const bin = new URL("../dist/cli.js", import.meta.url);
const onPosix = describe.runIf(process.platform !== "win32");

describe.each(variants)("$variant over stdio", ({ sdk, era }) => {
  const serve = (...argv: string[]) => connect(definition, { transport: "stdio", bin, argv, sdk, era });

  onPosix("what is no file", () => {
    test("pipes, sockets and devices are refused by every reader, and the server goes on", async () => {
      const dir = await tempDir();
      execFileSync("mkfifo", [join(dir, "pipe")]);
      const listener = createServer().listen(join(dir, "socket"));
      onTestFinished(() => void listener.close());
      await symlink("/dev/zero", join(dir, "zero"));
      await writeFile(join(dir, "fine.txt"), "fine");
      const client = await serve(dir);
      // More calls than libuv has threads: one that blocked would stop them all.
      const calls = ["pipe", "socket"].flatMap((name) =>
        ["read_text_file", "read_media_file", "read_file"].map((tool) =>
          client.callTool(tool, { path: join(dir, name) }),
        ),
      );
      for (const result of await Promise.all(calls)) expect(errorOf(result)?.code).toBe("UNSUPPORTED");
      expect(errorOf(await client.callTool("read_text_file", { path: join(dir, "zero") }))?.code).toBe("OUTSIDE_ROOT");
      expect(textOf(await client.callTool("search_text", { path: dir, pattern: "fine" }))).toContain("fine.txt");
      expect(textOf(await client.callTool("read_text_file", { path: join(dir, "fine.txt") }))).toBe("fine");
    });
  });

  test("a huge file is refused whole and read in parts", async () => {
    const dir = await tempDir();
    const path = join(dir, "huge.log");
    await writeFile(path, "first\nsecond\n");
    await truncate(path, 3 * 1024 ** 3);
    execFileSync(process.execPath, ["-e", `fs.appendFileSync(${JSON.stringify(path)}, "\\nlast\\n")`]);
    const client = await serve(dir);
    expect(errorOf(await client.callTool("read_text_file", { path }))?.code).toBe("TOO_LARGE");
    expect(textOf(await client.callTool("read_text_file", { path, head: 2 }))).toContain("second");
    expect(textOf(await client.callTool("read_text_file", { path, tail: 1 }))).toContain("last");
  });

  test("a pattern made to explode is harmless", async () => {
    const dir = await tempDir();
    await writeFile(join(dir, "a".repeat(200)), `${"a".repeat(50_000)}\n`);
    const client = await serve(dir, "--timeout=20");
    const glob = client.callTool("search_files", { path: dir, pattern: `${"a*".repeat(40)}b` });
    const regex = client.callTool("search_text", { path: dir, pattern: "(a+)+$|(a|a)*b", regex: true });
    expect(textOf(await client.callTool("list_directory", { path: dir }))).toContain("aaa");
    expect(textOf(await glob)).toContain("No matches");
    expect(errorOf(await regex)).toBeUndefined();
  });

  test("a cancelled search ends, and the next one runs", async () => {
    const dir = await tempDir();
    await Promise.all(
      Array.from({ length: 40 }, async (_, folder) => {
        await mkdir(join(dir, String(folder)));
        await Promise.all(
          Array.from({ length: 50 }, (_, file) =>
            writeFile(join(dir, String(folder), `${file}.txt`), "x".repeat(20_000)),
          ),
        );
      }),
    );
    const client = await serve(dir);
    const abort = new AbortController();
    const search = client.callTool(
      "search_text",
      { path: dir, pattern: "(x+x+)+y", regex: true },
      { signal: abort.signal },
    );
    abort.abort();
    await expect(search).rejects.toThrow();
    expect(textOf(await client.callTool("search_files", { path: dir, pattern: "39/49.txt" }))).toContain("49.txt");
  });
});
