import { mkdir, readdir, rename, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { connect, errorOf, tempDir, textOf } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it } from "vitest";
import definition from "../index.js";

type Args = { path: string; recursive?: boolean };

let dir: string;
let asked: string[];
let client: Awaited<ReturnType<typeof connect>>;

beforeEach(async () => {
  dir = await tempDir();
  asked = [];
  client = await connect(definition, {
    argv: [dir],
    elicit: ({ message }) => {
      asked.push(message);
      return { action: "accept", content: { approve: true } };
    },
  });
});

const at = (...names: string[]) => path.join(dir, ...names);
const remove = async (args: Args) => {
  const result = await client.callTool("delete_file", { ...args });
  return errorOf(result)?.code ?? result.structuredContent;
};

describe("delete_file", () => {
  it("removes a file, an empty directory and a link itself", async () => {
    const outside = await tempDir();
    await writeFile(path.join(outside, "x"), "");
    await writeFile(at("a"), "1234");
    await mkdir(at("empty"));
    await symlink(outside, at("out"));
    expect(await remove({ path: "a" })).toEqual({ deleted: 1 });
    expect(await remove({ path: "empty" })).toEqual({ deleted: 1 });
    expect(await remove({ path: "out", recursive: true })).toEqual({ deleted: 1 });
    expect(asked).toEqual([
      `Delete ${JSON.stringify(at("a"))} (4 B) for good?`,
      `Delete the empty directory ${JSON.stringify(at("empty"))}?`,
      `Delete ${JSON.stringify(at("out"))} (a link) for good?`,
    ]);
    expect(await readdir(dir)).toEqual([]);
    expect(await readdir(outside)).toEqual(["x"]);
  });

  it("removes a directory with all in it, after telling how much that is", async () => {
    const outside = await tempDir();
    await writeFile(path.join(outside, "keep"), "");
    await mkdir(at("d/e/f"), { recursive: true });
    for (let index = 0; index < 100; index++) await writeFile(at("d/e", `${index}`), "0123456789");
    await symlink(outside, at("d/e/f/out"));
    expect(await remove({ path: "d" })).toBe("INVALID_ARGUMENT");
    expect(await remove({ path: "d", recursive: true })).toEqual({ deleted: 104 });
    expect(asked).toEqual([`Delete ${JSON.stringify(at("d"))} and the 103 entries in it (1000 B: "e") for good?`]);
    expect(await readdir(dir)).toEqual([]);
    expect(await readdir(outside)).toEqual(["keep"]);
  });

  it("does nothing when the user says no, or is not asked", async () => {
    await writeFile(at("a"), "");
    const refusing = await connect(definition, { argv: [dir], elicit: () => ({ action: "decline" }) });
    expect(errorOf(await refusing.callTool("delete_file", { path: "a" }))?.code).toBe("DECLINED");
    const mute = await connect(definition, { argv: [dir] });
    const preview = await mute.callTool("delete_file", { path: "a" });
    expect(textOf(preview)).toContain("Delete ");
    expect(await readdir(dir)).toEqual(["a"]);
    const confirmation = errorOf(preview)?.details?.confirmation;
    expect((await mute.callTool("delete_file", { path: "a", confirmation })).structuredContent).toEqual({ deleted: 1 });
    expect(await readdir(dir)).toEqual([]);
  });

  it("refuses roots, what holds a root or a secret, and what is outside", async () => {
    await mkdir(at("inner/sub"), { recursive: true });
    await mkdir(at("mixed"));
    await writeFile(at("mixed/.env"), "KEY=1");
    await writeFile(at("mixed/a"), "");
    const both = await connect(definition, { argv: [dir, at("inner/sub"), "--confirm", "never"] });
    const code = async (args: Args) => errorOf(await both.callTool("delete_file", { ...args }))?.code;
    expect(await code({ path: ".", recursive: true })).toMatch(/INVALID_ARGUMENT|PERMISSION_DENIED/);
    expect(await code({ path: "inner", recursive: true })).toBe("PERMISSION_DENIED");
    expect(await code({ path: "mixed", recursive: true })).toBe("PERMISSION_DENIED");
    expect(await code({ path: "mixed/.env" })).toBe("PERMISSION_DENIED");
    expect(await code({ path: "..", recursive: true })).toBe("OUTSIDE_ROOT");
    expect(await code({ path: "none" })).toBe("NOT_FOUND");
    expect((await readdir(dir, { recursive: true })).sort()).toEqual([
      "inner",
      "inner/sub",
      "mixed",
      "mixed/.env",
      "mixed/a",
    ]);
  });

  it("removes nothing outside while directories are swapped for links", async () => {
    const outside = await tempDir();
    const never = await connect(definition, { argv: [dir, "--confirm", "never"] });
    for (let index = 0; index < 50; index++) await writeFile(path.join(outside, `${index}`), "");
    for (let round = 0; round < 30; round++) {
      await mkdir(at("d/e"), { recursive: true });
      for (let index = 0; index < 50; index++) await writeFile(at("d/e", `${index}`), "");
      const removing = never.callTool("delete_file", { path: "d", recursive: true });
      const swapping = (async () => {
        await rename(at("d/e"), at(`away-${round}`));
        await symlink(outside, at("d/e"));
      })().catch(() => {}); // it was gone already
      await Promise.all([removing, swapping]);
      await never.callTool("delete_file", { path: "d", recursive: true });
    }
    expect(await readdir(outside)).toHaveLength(50);
  });

  it("goes a thousand directories down", async () => {
    let deep = at("deep");
    for (let level = 0; level < 1000; level++) deep = path.join(deep, "d");
    await mkdir(deep, { recursive: true });
    expect(await remove({ path: "deep", recursive: true })).toEqual({ deleted: 1001 });
  });
});
