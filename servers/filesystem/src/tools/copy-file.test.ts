import { execFileSync } from "node:child_process";
import {
  appendFile,
  chmod,
  link,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { connect, errorOf, tempDir } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it } from "vitest";
import definition from "../index.js";

type Args = { source: string; destination: string; overwrite?: boolean; recursive?: boolean };

let dir: string;
let client: Awaited<ReturnType<typeof connect>>;

beforeEach(async () => {
  dir = await tempDir();
  client = await connect(definition, { argv: [dir] });
});

const copy = (args: Args) => client.callTool("copy_file", args);
const code = async (args: Args) => errorOf(await copy(args))?.code;
const at = (...names: string[]) => path.join(dir, ...names);

describe("copy_file", () => {
  it("copies content and mode", async () => {
    const bytes = Buffer.from(Array.from({ length: 3_000_001 }, (_, index) => index * 7));
    await writeFile(at("a"), bytes);
    await chmod(at("a"), 0o750);
    expect((await copy({ source: "a", destination: "b" })).structuredContent).toEqual({
      files: 1,
      bytes: bytes.length,
      hidden: 0,
      special: 0,
    });
    expect(bytes.equals(await readFile(at("b")))).toBe(true);
    expect((await stat(at("b"))).mode & 0o777).toBe(0o750);
  });

  it("replaces only when told to, and never the file by itself", async () => {
    await writeFile(at("a"), "a");
    await writeFile(at("b"), "b");
    await link(at("a"), at("c"));
    expect(await code({ source: "a", destination: "b" })).toBe("ALREADY_EXISTS");
    expect(await code({ source: "a", destination: "a", overwrite: true })).toBe("INVALID_ARGUMENT");
    expect(await code({ source: "a", destination: "c", overwrite: true })).toBe("INVALID_ARGUMENT");
    expect(await code({ source: "a", destination: "b", overwrite: true })).toBeUndefined();
    expect(await readFile(at("b"), "utf8")).toBe("a");
  });

  it("copies a directory as cp -R does, without secrets and special files", async () => {
    await mkdir(at("src/deep/er"), { recursive: true });
    for (let index = 0; index < 100; index++) await writeFile(at("src/deep", `f${index}`), `${index}`);
    await writeFile(at("src/deep/er/x.sh"), "#!");
    await chmod(at("src/deep/er/x.sh"), 0o755);
    await chmod(at("src/deep"), 0o750);
    await symlink("deep/f1", at("src/inside"));
    await symlink("/etc/passwd", at("src/outside"));
    execFileSync("cp", ["-R", at("src"), at("expected")]);
    await writeFile(at("src/.env"), "KEY=1");
    execFileSync("mkfifo", [at("src/pipe")]);
    expect(await code({ source: "src", destination: "copy" })).toBe("INVALID_ARGUMENT");
    expect((await copy({ source: "src", destination: "copy", recursive: true })).structuredContent).toEqual({
      files: 101,
      bytes: 192,
      hidden: 1,
      special: 1,
    });
    expect(execFileSync("diff", ["-r", "--no-dereference", at("expected"), at("copy")]).toString()).toBe("");
    expect((await stat(at("copy/deep"))).mode & 0o777).toBe(0o750);
    expect((await stat(at("copy/deep/er/x.sh"))).mode & 0o777).toBe(0o755);
    expect((await readdir(dir)).sort()).toEqual(["copy", "expected", "src"]);
  });

  it("keeps holes, so that a sparse file takes no more room than before", async () => {
    await writeFile(at("sparse"), "start");
    await truncate(at("sparse"), 300_000_000);
    await appendFile(at("sparse"), "end");
    await copy({ source: "sparse", destination: "copy" });
    expect(execFileSync("cmp", [at("sparse"), at("copy")]).toString()).toBe("");
    expect((await stat(at("copy"))).blocks * 512).toBeLessThan(10_000_000);
  });

  it("refuses directories over anything, and into themselves", async () => {
    await mkdir(at("a/b"), { recursive: true });
    await mkdir(at("c"));
    await writeFile(at("f"), "");
    for (const destination of ["c", "f"]) {
      expect(await code({ source: "a", destination, recursive: true, overwrite: true })).toBe("ALREADY_EXISTS");
    }
    for (const destination of ["a", "a/b/c", "a/x"]) {
      expect(await code({ source: "a", destination, recursive: true }), destination).toBe("INVALID_ARGUMENT");
    }
    expect(await code({ source: ".", destination: "x", recursive: true })).toBe("INVALID_ARGUMENT");
    expect((await readdir(dir, { recursive: true })).sort()).toEqual(["a", "a/b", "c", "f"]);
  });

  it.runIf(process.getuid?.() !== 0)("names the entry that cannot be read and leaves no half copy", async () => {
    await mkdir(at("src/sub"), { recursive: true });
    await writeFile(at("src/sub/locked"), "");
    await chmod(at("src/sub/locked"), 0o000);
    const refusal = errorOf(await copy({ source: "src", destination: "copy", recursive: true }));
    expect(refusal).toMatchObject({ code: "PERMISSION_DENIED", message: expect.stringContaining('"src/sub/locked"') });
    expect(await readdir(dir)).toEqual(["src"]);
  });

  it("leaves nothing behind when it is cancelled", async () => {
    await mkdir(at("src"));
    for (let index = 0; index < 20; index++) {
      await writeFile(at("src", `${index}`), "");
      await truncate(at("src", `${index}`), 50_000_000);
    }
    const controller = new AbortController();
    const started = new Promise<void>((resolve) => {
      const options = { signal: controller.signal, onProgress: () => resolve() };
      client.callTool("copy_file", { source: "src", destination: "copy", recursive: true }, options).catch(() => {});
    });
    await started;
    controller.abort();
    await expect.poll(() => readdir(dir), { timeout: 10_000 }).toEqual(["src"]);
  });

  it("refuses secrets, what is outside, missing and special files", async () => {
    const outside = await tempDir();
    await writeFile(at(".env"), "KEY=1");
    await writeFile(at("a"), "a");
    await symlink("/etc/passwd", at("l"));
    await symlink(outside, at("out"));
    execFileSync("mkfifo", [at("pipe")]);
    expect(await code({ source: ".env", destination: "x" })).toBe("PERMISSION_DENIED");
    expect(await code({ source: "a", destination: ".env", overwrite: true })).toBe("PERMISSION_DENIED");
    expect(await code({ source: "l", destination: "x" })).toBe("OUTSIDE_ROOT");
    expect(await code({ source: "a", destination: "out/x" })).toBe("OUTSIDE_ROOT");
    expect(await code({ source: "pipe", destination: "x" })).toBe("UNSUPPORTED");
    expect(await code({ source: "none", destination: "x" })).toBe("NOT_FOUND");
    expect(await code({ source: "a", destination: "no/x" })).toBe("NOT_FOUND");
    expect(await readdir(outside)).toEqual([]);
  });
});
