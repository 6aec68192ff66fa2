import { chmod, readdir, readFile, stat, writeFile as write } from "node:fs/promises";
import path from "node:path";
import { openSandbox } from "@mcp-reference/security";
import { connect, errorOf, spawnBin, tempDir } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it } from "vitest";
import definition from "../index.js";
import { lockForCommit } from "../write/commit-lock.js";

type Args = Record<string, unknown>;

let dir: string;
let client: Awaited<ReturnType<typeof connect>>;

beforeEach(async () => {
  dir = await tempDir();
  client = await connect(definition, { argv: [dir] });
});

const call = (args: Args) => client.callTool("write_file", args);
const code = async (args: Args) => errorOf(await call(args))?.code;
const content = (name: string) => readFile(path.join(dir, name));

describe("write_file", () => {
  it("creates, replaces and appends, and tells size and etag", async () => {
    const first = (await call({ path: "a.txt", content: "é\n" })).structuredContent;
    expect(first).toEqual({ path: path.join(dir, "a.txt"), bytes: 3, etag: expect.any(String), created: true });
    const second = (await call({ path: "a.txt", content: "b", mode: "append" })).structuredContent;
    expect(second).toMatchObject({ bytes: 4, created: false });
    expect(String(await content("a.txt"))).toBe("é\nb");
    expect((await call({ path: "new.txt", content: "x", mode: "append" })).structuredContent).toMatchObject({
      created: true,
    });
    expect(await code({ path: "a.txt", content: "c", mode: "create" })).toBe("ALREADY_EXISTS");
    await call({ path: "a.txt", content: "", mode: "overwrite" });
    expect(String(await content("a.txt"))).toBe("");
    expect(await readdir(dir)).toEqual(["a.txt", "new.txt"]);
  });

  it("writes bytes from base64 and refuses what is none", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    await call({ path: "a.bin", content: bytes.toString("base64"), encoding: "base64" });
    expect(await content("a.bin")).toEqual(bytes);
    await call({ path: "a.bin", content: "/+8\n=", encoding: "base64", mode: "append" });
    expect(await content("a.bin")).toEqual(Buffer.concat([bytes, Buffer.from([0xff, 0xef])]));
    for (const bad of ["*", "AAA*", "AAAAA", "héllo"]) {
      expect(await code({ path: "a.bin", content: bad, encoding: "base64" }), bad).toBe("INVALID_ARGUMENT");
    }
  });

  it("refuses a file that has changed since", async () => {
    const { etag } = (await call({ path: "a.txt", content: "1" })).structuredContent as { etag: string };
    const next = (await call({ path: "a.txt", content: "2", if_match: etag })).structuredContent as { etag: string };
    expect(next.etag).not.toBe(etag);
    expect(errorOf(await call({ path: "a.txt", content: "3", if_match: etag }))).toMatchObject({
      code: "CONFLICT",
      details: { etag: next.etag },
    });
    expect(await code({ path: "none.txt", content: "3", if_match: etag })).toBe("CONFLICT");
    expect(String(await content("a.txt"))).toBe("2");
    expect(await readdir(dir)).toEqual(["a.txt"]);
    const info = await client.callTool("get_file_info", { path: "a.txt" });
    expect(info.structuredContent).toMatchObject({ files: [{ etag: next.etag }] });
  });

  it("keeps mode, and gives new files what the umask leaves", async () => {
    await write(path.join(dir, "run.sh"), "1");
    await chmod(path.join(dir, "run.sh"), 0o750);
    await call({ path: "run.sh", content: "2" });
    expect((await stat(path.join(dir, "run.sh"))).mode & 0o777).toBe(0o750);
    await call({ path: "new.txt", content: "2" });
    expect((await stat(path.join(dir, "new.txt"))).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  it("loses no line of forty appended at once", async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}\n`);
    const results = await Promise.all(lines.map((line) => call({ path: "log.txt", content: line, mode: "append" })));
    const refused = results.filter((result) => result.isError);
    const written = String(await content("log.txt"))
      .split("\n")
      .slice(0, -1);
    expect(refused.map((result) => errorOf(result)?.code)).toEqual([]);
    expect(written.sort()).toEqual(lines.map((line) => line.trim()).sort());
  });

  it("refuses directories, secrets, missing parents and what is outside", async () => {
    expect(await code({ path: ".", content: "" })).toBe("INVALID_ARGUMENT");
    expect(await code({ path: ".env", content: "" })).toBe("PERMISSION_DENIED");
    expect(await code({ path: "no/such/a.txt", content: "" })).toBe("NOT_FOUND");
    expect(await code({ path: "../a.txt", content: "" })).toBe("OUTSIDE_ROOT");
    expect(await readdir(dir)).toEqual([]);
  });

  it("says that the directory is missing, and how to make it", async () => {
    const refusal = errorOf(await call({ path: "no/such/a.txt", content: "" }));
    expect(refusal).toMatchObject({
      message: expect.stringContaining("directory"),
      hint: expect.stringMatching(/create_directory/),
    });
  });

  it("does not happen after the call has failed for its deadline", async () => {
    await call({ path: "a.txt", content: "old" });
    const sandbox = await openSandbox({ roots: [{ path: dir }] });
    const place = await sandbox.place("a.txt");
    const release = await lockForCommit(place);
    const hasty = await connect(definition, { argv: [dir, "--timeout", "0.2"] });
    const late = await hasty.callTool("write_file", { path: "a.txt", content: "late" });
    expect(errorOf(late)?.code).toBe("TIMEOUT");
    await release();
    // Takes its turn behind the other one.
    expect((await hasty.callTool("write_file", { path: "a.txt", content: "+", mode: "append" })).isError).toBeFalsy();
    expect(String(await content("a.txt"))).toBe("old+");
    await place.close();
    await sandbox.close();
  });

  it("is not offered by a read-only server", async () => {
    const readOnly = await connect(definition, { argv: [dir, "--read-only"] });
    expect((await readOnly.listTools()).map(({ name }) => name)).not.toContain("write_file");
    expect(errorOf(await readOnly.callTool("write_file", { path: "a.txt", content: "" }))).toBeDefined();
    const oneRoot = await connect(definition, { argv: [`${dir}:ro`] });
    expect(errorOf(await oneRoot.callTool("write_file", { path: "a.txt", content: "" }))?.code).toBe(
      "PERMISSION_DENIED",
    );
    expect(await readdir(dir)).toEqual([]);
  });

  it("leaves the old or the new content when it is killed", async () => {
    const bin = new URL("../../dist/cli.js", import.meta.url);
    const letters = ["a", "b"].map((letter) => letter.repeat(2_000_000));
    await write(path.join(dir, "a.txt"), letters[0] ?? "");
    for (let round = 0; round < 15; round++) {
      const server = spawnBin(bin, { args: [dir] });
      await server.initialize();
      for (let id = 0; id < 4; id++) {
        const params = { name: "write_file", arguments: { path: "a.txt", content: letters[id % 2] } };
        server.send({ jsonrpc: "2.0", id: 100 + id, method: "tools/call", params });
      }
      if (round % 3 > 0) await server.receive((message) => message.id === 99 + (round % 3));
      server.kill("SIGKILL");
      await server.exit;
      expect(letters).toContain(String(await content("a.txt")));
      for (const left of (await readdir(dir)).filter((name) => name !== "a.txt")) {
        expect((await stat(path.join(dir, left))).mode & 0o077, left).toBe(0);
      }
    }
  });
});
