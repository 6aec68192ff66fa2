import { execFileSync } from "node:child_process";
import { chmod, link, mkdir, open, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createPlayground, outcome, readText, variants, writeText } from "../../test/playground.js";
import { openSandbox } from "./open-sandbox.js";

const isRoot = process.getuid?.() === 0;

describe.each(variants)("files and directories, portable: $portable", ({ portable }) => {
  it.runIf(process.platform !== "win32")("refuses what is no regular file, and is not held up by it", async () => {
    const { root, open: openRoot } = await createPlayground();
    const sandbox = await openRoot({ portable });
    await mkdir(`${root}/directory`);
    execFileSync("mkfifo", [`${root}/fifo`]);
    await symlink("fifo", `${root}/link-to-fifo`);
    const server = createServer().listen(`${root}/socket`);
    onTestFinished(() => void server.close());
    await new Promise((listening) => server.once("listening", listening));
    const kinds = { fifo: "a FIFO", "link-to-fifo": "a FIFO", socket: "a socket", directory: "a directory" };
    // More at once than the thread pool has threads: one that waits would stop the rest.
    const asked = Object.entries(kinds).flatMap((kind) => Array.from({ length: 4 }, () => kind));
    await Promise.all(
      asked.map(async ([name, kind]) => {
        await expect(sandbox.openFile(name)).rejects.toMatchObject({ code: "UNSUPPORTED" });
        await expect(sandbox.openFile(name)).rejects.toThrow(kind);
        expect(await outcome(writeText(sandbox, name, "x"))).toBe("UNSUPPORTED");
      }),
    );
    expect(await readdir(root)).toEqual(["directory", "fifo", "link-to-fifo", "socket"]);
  });

  it.runIf(process.platform === "linux")("refuses devices", async () => {
    const sandbox = await openSandbox({ roots: [{ path: "/dev" }], portable });
    for (const name of ["null", "zero", "tty", "full"])
      expect(await outcome(sandbox.openFile(name))).toBe("UNSUPPORTED");
    expect(await outcome(writeText(sandbox, "null", "x"))).toBe("UNSUPPORTED");
    await sandbox.close();
  });

  it("reads files that have other names outside, and replaces without writing to those", async () => {
    const { root, outside, open: openRoot } = await createPlayground();
    await writeFile(`${outside}/f`, "shared");
    await link(`${outside}/f`, `${root}/f`);
    const sandbox = await openRoot({ portable });
    expect(await readText(sandbox, "f")).toBe("shared");
    await writeText(sandbox, "f", "new");
    expect(await readText(sandbox, "f")).toBe("new");
    const handle = await open(`${outside}/f`);
    expect(await handle.readFile("utf8")).toBe("shared");
    await handle.close();
  });

  it("hides secrets, there or not, asked for directly, by link or by directory", async () => {
    const { root, open: openRoot } = await createPlayground();
    await mkdir(`${root}/.ssh`);
    await mkdir(`${root}/plain`);
    await writeFile(`${root}/.env`, "hunter2");
    await writeFile(`${root}/.ssh/config`, "hunter2");
    for (const [at, to] of [
      ["env", ".env"],
      ["gone", ".env.gone"],
      ["ssh", ".ssh"],
      ["plain/up", "../.ssh"],
      ["plain/odd", "../plain/../.ssh/nope"],
    ] as const) {
      await symlink(to, `${root}/${at}`);
    }
    const sandbox = await openRoot({ portable });
    const messages = new Set<string>();
    for (const file of [
      ".env",
      ".env.gone",
      ".ENV",
      "env",
      "gone",
      ".ssh/config",
      "ssh/config",
      ".ssh/nope",
      "ssh/nope",
      "plain/up/config",
      "plain/odd",
    ]) {
      for (const work of [
        () => sandbox.openFile(file),
        () => sandbox.place(file),
        () => writeText(sandbox, file, "x"),
        () => sandbox.openDirectory(file),
      ]) {
        const error = (await work().catch((refusal: unknown) => refusal)) as Error;
        expect(error).toMatchObject({ code: "PERMISSION_DENIED" });
        messages.add(error.message.replace(JSON.stringify(file), "…"));
      }
    }
    expect(messages.size).toBe(1);
    expect(await outcome(sandbox.openDirectory("ssh"))).toBe("PERMISSION_DENIED");
    const trusting = await openRoot({ portable, allow: [".ssh/config"] });
    expect(await readText(trusting, "ssh/config")).toBe("hunter2");
    expect(await outcome(trusting.openFile(".ssh/id_rsa"))).toBe("PERMISSION_DENIED");
  });

  it("says what is missing, what is no directory and what may not be read", async () => {
    const { root, open: openRoot } = await createPlayground();
    await writeFile(`${root}/f`, "x");
    const sandbox = await openRoot({ portable });
    expect(await outcome(sandbox.openFile("nope"))).toBe("NOT_FOUND");
    expect(await outcome(sandbox.openFile("nope/f"))).toBe("NOT_FOUND");
    expect(await outcome(sandbox.place("nope/f"))).toBe("NOT_FOUND");
    expect(await outcome(sandbox.openDirectory("nope"))).toBe("NOT_FOUND");
    expect(await outcome(sandbox.openFile("f/x"))).toBe("INVALID_ARGUMENT");
    expect(await outcome(sandbox.openDirectory("f"))).toBe("INVALID_ARGUMENT");
    expect(await outcome(sandbox.place("."))).toBe("INVALID_ARGUMENT");
    expect(await outcome(sandbox.openFile("."))).toBe("UNSUPPORTED");
    await chmod(`${root}/f`, 0);
    if (!isRoot) expect(await outcome(sandbox.openFile("f"))).toBe("PERMISSION_DENIED");
    const place = await sandbox.place("new");
    expect(place).toMatchObject({ name: "new", path: `${root}/new`, stats: undefined });
    await place.close();
  });

  it("lets go of every descriptor", async () => {
    const { root, open: openRoot } = await createPlayground();
    await mkdir(`${root}/a/b`, { recursive: true });
    await writeFile(`${root}/a/b/f`, "x");
    await symlink("a/b/../b", `${root}/l`);
    await symlink("../outside", `${root}/o`);
    const sandbox = await openRoot({ portable });
    const openDescriptors = async () => (process.platform === "linux" ? (await readdir("/proc/self/fd")).length : 0);
    const round = async () => {
      await readText(sandbox, "l/f");
      await writeText(sandbox, "a/b/f", "x");
      for (const file of ["o/x", "a/b/f/x", "nope", "a", "a/b/nope", ".env"]) await outcome(sandbox.openFile(file));
      await outcome(writeText(sandbox, "a/b", "x"));
      await (await sandbox.openDirectory("l")).close();
      await (await sandbox.place("l/f")).close();
      await (await sandbox.narrow([`${root}/a`, "/", root])).close();
    };
    await round();
    const before = await openDescriptors();
    for (let i = 0; i < 20; i++) await round();
    expect(await openDescriptors()).toBe(before);
  });

  it("hands out directories that stay what they were, and only by single names", async () => {
    const { root, open: openRoot } = await createPlayground();
    await mkdir(`${root}/d`);
    await writeFile(`${root}/d/f`, "x");
    const sandbox = await openRoot({ portable });
    const directory = await sandbox.openDirectory("d");
    await sandbox.close();
    expect(await readdir(directory.at())).toEqual(["f"]);
    expect(directory).toMatchObject({ path: `${root}/d`, policyPath: "d" });
    for (const name of ["", ".", "..", "a/b", "../f", "a\0"]) expect(() => directory.at(name)).toThrow();
    await directory.verify();
    await rename(`${root}/d`, `${root}/moved`);
    await mkdir(`${root}/d`);
    if (portable) expect(await outcome(directory.verify())).toBe("CONFLICT");
    else expect(await readdir(directory.at())).toEqual(["f"]);
    await directory.close();
    await directory.close();
    expect(() => directory.at()).toThrow();
    await expect(sandbox.openDirectory("d")).rejects.toThrow("closed");
  });

  it("turns to the directory that takes a root's place, but not by way of a link", async () => {
    const { root, outside, open: openRoot } = await createPlayground();
    const sandbox = await openRoot({ portable });
    await writeFile(`${root}/f`, "first");
    expect(await readText(sandbox, "f")).toBe("first");
    await rm(root, { recursive: true });
    expect(await outcome(sandbox.openFile("f"))).toBe("NOT_FOUND");
    await mkdir(root);
    await writeFile(`${root}/f`, "second");
    expect((await Promise.all([1, 2, 3].map(() => readText(sandbox, "f")))).join()).toBe("second,second,second");
    await rm(root, { recursive: true });
    await writeFile(`${outside}/f`, "outside");
    await symlink(outside, root);
    expect(await outcome(sandbox.openFile("f"))).not.toBe("ok");
  });
});

it.runIf(process.platform === "linux")("a held directory serves as a child's working directory", async () => {
  const { root, open: openRoot } = await createPlayground();
  await mkdir(`${root}/d`);
  const sandbox = await openRoot();
  const directory = await sandbox.openDirectory("d");
  await rename(`${root}/d`, `${root}/moved`);
  expect(execFileSync("pwd", ["-P"], { cwd: directory.at(), encoding: "utf8" })).toBe(`${root}/moved\n`);
  await directory.close();
});
