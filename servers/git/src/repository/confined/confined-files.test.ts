import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { tempDir } from "@mcp-reference/testing";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { bytesOf } from "../bytes/byte-string.js";
import { ConfinedFiles } from "./confined-files.js";

let dir: string;
let outside: string;

beforeEach(async () => {
  dir = await tempDir();
  outside = await tempDir();
  mkdirSync(join(dir, "a/b"), { recursive: true });
  writeFileSync(join(dir, "a/b/file"), "inside");
  writeFileSync(join(outside, "secret"), "secret");
});

const refusal = (code: string) => expect.objectContaining({ code });

/** The same must hold where descriptors have no paths: there the path is checked before it is opened. */
async function portable(): Promise<typeof ConfinedFiles> {
  const { platform } = process;
  Object.defineProperty(process, "platform", { value: "darwin" });
  onTestFinished(() => {
    Object.defineProperty(process, "platform", { value: platform });
  });
  vi.resetModules();
  return (await import("./confined-files.js")).ConfinedFiles;
}

describe.each([
  ["by descriptors", async () => ConfinedFiles],
  ["by paths", portable],
])("confined %s", (_, implementation) => {
  let Files: typeof ConfinedFiles;
  beforeEach(async () => {
    Files = await implementation();
  });

  test("reads files and directories, names of any bytes", () => {
    const files = new Files(dir);
    const odd = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0xff, 0xe9])]);
    writeFileSync(odd, "odd");
    writeFileSync(join(dir, "é"), "utf8");
    expect(files.read("a/b/file")?.toString()).toBe("inside");
    expect(files.read("\xff\xe9")?.toString()).toBe("odd");
    expect(files.read(bytesOf("é"))?.toString()).toBe("utf8");
    expect(files.read("a/absent")).toBeUndefined();
    expect(files.read("a/b/file/x")).toBeUndefined();
    expect(files.read("a/b")).toBeUndefined();
    expect(files.read("x".repeat(5000))).toBeUndefined();
    expect(files.read("a\0b")).toBeUndefined();
    expect(files.stat("a/b")?.isDirectory()).toBe(true);
    expect(files.stat("absent")).toBeUndefined();
    const held = files.directory("a");
    expect(held.entries().map(({ name }) => name.toString())).toEqual(["b"]);
    held.close();
    expect(() => files.directory("absent")).toThrow(refusal("NOT_FOUND"));
    expect(() => files.read("a/b/file", 3)).toThrow(refusal("TOO_LARGE"));
  });

  test("refuses links, wherever in the path and wherever they lead", () => {
    const files = new Files(dir);
    symlinkSync(outside, join(dir, "out"));
    symlinkSync(join(outside, "secret"), join(dir, "secret"));
    symlinkSync("a", join(dir, "in"));
    symlinkSync("absent", join(dir, "dangling"));
    symlinkSync("loop", join(dir, "loop"));
    for (const path of [
      "out/secret",
      "secret",
      "out",
      "in/b/file",
      "in",
      "dangling",
      "loop",
      "loop/x",
      "out/absent",
      "in/absent",
    ]) {
      expect(() => files.read(path)).toThrow(refusal("OUTSIDE_ROOT"));
      expect(() => files.directory(path)).toThrow(refusal("OUTSIDE_ROOT"));
      expect(() => files.stat(path)).toThrow(refusal("OUTSIDE_ROOT"));
    }
    expect(() => files.read("../x/../secret")).not.toThrow(/secret\n/);
    expect(() => files.read(`../${outside.split("/").at(-1)}/secret`)).toThrow(refusal("OUTSIDE_ROOT"));
    expect(files.readLink("out")).toBe(outside);
    expect(files.readLink("dangling")).toBe("absent");
    expect(files.readLink("a/b/file")).toBeUndefined();
    expect(files.readLink("a/absent")).toBeUndefined();
    symlinkSync("deep", join(outside, "link"));
    expect(() => files.readLink("out/link")).toThrow(refusal("OUTSIDE_ROOT"));
  });

  test("follows links that lead into what is permitted, and those alone", async () => {
    const permitted = await tempDir();
    writeFileSync(join(permitted, "file"), "permitted");
    const files = new Files(dir, [permitted]);
    symlinkSync(permitted, join(dir, "to"));
    symlinkSync(join(permitted, "file"), join(dir, "last"));
    symlinkSync(outside, join(permitted, "out"));
    symlinkSync(join(outside, "secret"), join(permitted, "secret"));
    expect(files.read("to/file")?.toString()).toBe("permitted");
    expect(files.read("last")?.toString()).toBe("permitted");
    expect(files.stat("to")?.isDirectory()).toBe(true);
    for (const path of ["to/out/secret", "to/secret", "to/out"]) {
      expect(() => files.read(path)).toThrow(refusal("OUTSIDE_ROOT"));
    }
    expect(() => new Files(dir, [`${permitted}/fi`]).read("to/file")).toThrow(refusal("OUTSIDE_ROOT"));
  });

  test("does not wait for pipes, nor read sockets and devices", async () => {
    const files = new Files(dir);
    execFileSync("mkfifo", [join(dir, "pipe")]);
    const server = createServer().listen(join(dir, "socket"));
    await once(server, "listening");
    for (const path of ["pipe", "socket"]) expect(() => files.read(path)).toThrow(refusal("UNSUPPORTED"));
    server.close();
    expect(() => new Files("/dev").read("null")).toThrow(refusal("UNSUPPORTED"));
  });

  test("still means its directory when another is put in its place", () => {
    const files = new Files(join(dir, "a"));
    renameSync(join(dir, "a"), join(dir, "moved"));
    symlinkSync(outside, join(dir, "a"));
    expect(() => files.read("secret")).toThrow(refusal("OUTSIDE_ROOT"));
  });
});

const SWAP = `
const { renameSync, symlinkSync, mkdirSync, writeFileSync } = require("node:fs");
const [dir, outside] = process.argv.slice(1);
symlinkSync(outside, dir + "/link");
console.log("ready");
for (;;) {
  renameSync(dir + "/a", dir + "/real");
  renameSync(dir + "/link", dir + "/a");
  renameSync(dir + "/a", dir + "/link");
  renameSync(dir + "/real", dir + "/a");
}`;

test.runIf(process.platform === "linux")(
  "nothing outside is read while another process swaps a parent for a link",
  async () => {
    writeFileSync(join(outside, "file"), "secret");
    writeFileSync(join(dir, "a/file"), "inside");
    const swapper = spawn(process.execPath, ["-e", SWAP, dir, outside], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => {
      swapper.kill("SIGKILL");
    });
    await once(swapper.stdout, "data");
    const files = new ConfinedFiles(dir);
    const seen = new Set<string | undefined>();
    for (let i = 0; i < 15_000; i++) {
      try {
        const held = i % 2 ? files.directory("a") : undefined;
        seen.add(held ? readFileSync(held.at("file"), "utf8") : files.read("a/file")?.toString());
        held?.close();
      } catch (error) {
        expect(["OUTSIDE_ROOT", "NOT_FOUND"]).toContain((error as { code: string }).code);
      }
    }
    expect(seen).not.toContain("secret");
    expect(seen).toContain("inside");
  },
);

test("closes what it refuses", () => {
  symlinkSync(outside, join(dir, "out"));
  const files = new ConfinedFiles(dir);
  const descriptor = () => {
    const fd = files.open("a/b/file") ?? -1;
    closeSync(fd);
    return fd;
  };
  const before = descriptor();
  for (let i = 0; i < 50; i++) {
    expect(() => files.read("out/secret")).toThrow();
    expect(() => files.directory("out/absent")).toThrow();
    files.stat("a");
    files.readLink("out");
    files.read("a");
  }
  expect(descriptor()).toBe(before);
  rmSync(dir, { recursive: true });
});
