import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { connect, errorOf, spawnBin, tempDir, textOf } from "@mcp-reference/testing";
import { describe, expect, test } from "vitest";
import definition from "../src/index.js";

const bin = new URL("../dist/cli.js", import.meta.url);
const uri = (path: string) => pathToFileURL(path).href;

/** `base/one/a.txt` and `base/two/b.txt`, each holding its own name. */
async function twoFolders() {
  const base = await tempDir();
  const [one, two] = [join(base, "one"), join(base, "two")];
  for (const [folder, name] of [
    [one, "a.txt"],
    [two, "b.txt"],
  ] as const) {
    await mkdir(folder);
    await writeFile(join(folder, name), name);
  }
  return { base, one, two, a: join(one, "a.txt"), b: join(two, "b.txt") };
}

async function canRead(client: Awaited<ReturnType<typeof connect>>, path: string): Promise<boolean> {
  const result = await client.callTool("read_text_file", { path });
  const error = errorOf(result);
  if (error) expect(error.code).toBe("OUTSIDE_ROOT");
  return error === undefined;
}

describe.each(["v1", "v2"] as const)("roots of a 2025 client, %s", (sdk) => {
  test("are adopted when the command line names no directory", async () => {
    const { one, a, b } = await twoFolders();
    const client = await connect(definition, { sdk, era: "2025", roots: [uri(one)] });
    expect([await canRead(client, a), await canRead(client, b)]).toEqual([true, false]);
    expect(errorOf(await client.callTool("write_file", { path: join(one, "c.txt"), content: "" }))).toBeUndefined();
  });

  test("narrow what the command line allows and never widen it, also when they change", async () => {
    const { base, one, two, a, b } = await twoFolders();
    const client = await connect(definition, { sdk, era: "2025", argv: [one], roots: [uri(base)] });
    expect([await canRead(client, a), await canRead(client, b)]).toEqual([true, false]);
    await client.setRoots([uri(two)]);
    expect([await canRead(client, a), await canRead(client, b)]).toEqual([false, false]);
    await client.setRoots([uri(one)]);
    expect(await canRead(client, a)).toBe(true);
  });

  test("that leave nothing mean nothing, for resources too", async () => {
    const { one, a } = await twoFolders();
    const client = await connect(definition, { sdk, era: "2025", argv: [one], roots: [] });
    expect(await canRead(client, a)).toBe(false);
    await expect(client.readResource(uri(a))).rejects.toThrow("OUTSIDE_ROOT");
    expect(await client.listResources()).toEqual([]);
  });

  test("keep a read-only directory read-only", async () => {
    const { one } = await twoFolders();
    const client = await connect(definition, { sdk, era: "2025", argv: [`${one}:ro`], roots: [uri(one)] });
    const refused = await client.callTool("write_file", { path: join(one, "c.txt"), content: "" });
    expect(errorOf(refused)?.code).toBe("PERMISSION_DENIED");
  });
});

describe("without directories and without roots", () => {
  test("the current directory is served read-only, and that is said", async () => {
    const { one } = await twoFolders();
    const server = spawnBin(bin, { cwd: one });
    await server.initialize();
    const read = await server.request("tools/call", { name: "read_text_file", arguments: { path: "a.txt" } });
    expect(read.result).toMatchObject({ content: [{ text: "a.txt" }] });
    const write = await server.request("tools/call", { name: "write_file", arguments: { path: "c", content: "" } });
    expect(write.result).toMatchObject({ isError: true, _meta: { error: { code: "PERMISSION_DENIED" } } });
    expect(server.stderr).toContain(one);
    expect(server.stderr).toMatch(/read-only/);
  });

  test.each(["/", "home"])(
    "%s is refused with exit code 2 once the client is known to have no roots",
    async (where) => {
      const home = await tempDir();
      const server = spawnBin(bin, { cwd: where === "home" ? home : where, env: { HOME: home, USERPROFILE: home } });
      await server.initialize();
      expect(await server.exit).toMatchObject({ code: 2 });
      expect(server.stderr.trim().split("\n").at(-1)).toMatch(/name what to serve/);
    },
  );

  test("home is refused as well when no client comes", async () => {
    const home = await tempDir();
    const server = spawnBin(bin, { cwd: home, env: { HOME: home, USERPROFILE: home } });
    server.closeStdin();
    expect(await server.exit).toMatchObject({ code: 2 });
  });

  test("a client with roots is served even from home", async () => {
    const { one, a } = await twoFolders();
    const home = await tempDir();
    const client = await connect(
      { command: process.execPath, args: [fileURLToPath(bin)], cwd: home, env: { HOME: home, USERPROFILE: home } },
      { era: "2025", roots: [uri(one)] },
    );
    expect(textOf(await client.callTool("read_text_file", { path: a }))).toBe("a.txt");
  });
});
