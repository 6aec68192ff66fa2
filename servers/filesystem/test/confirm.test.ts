import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, errorOf, tempDir, variants } from "@mcp-reference/testing";
import { describe, expect, test } from "vitest";
import definition from "../src/index.js";

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function folder() {
  const dir = await tempDir();
  const path = join(dir, "old");
  await mkdir(path);
  await writeFile(join(path, "a.txt"), "12345");
  return { dir, path };
}

describe.each(variants)("deleting asks first, $variant", ({ sdk, era }) => {
  test("telling what goes, and deletes after a yes", async () => {
    const { dir, path } = await folder();
    const asked: string[] = [];
    const elicit = ({ message }: { message: string }) => {
      asked.push(message);
      return { action: "accept" as const, content: { approve: true } };
    };
    const client = await connect(definition, { argv: [dir], sdk, era, elicit });
    const result = await client.callTool("delete_file", { path, recursive: true });
    expect(result.structuredContent).toEqual({ deleted: 2 });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain("a.txt");
    expect(await exists(path)).toBe(false);
  });

  test.each([
    { action: "decline" as const },
    { action: "cancel" as const },
    { action: "accept" as const, content: { approve: false } },
  ])("and leaves everything after $action", async (answer) => {
    const { dir, path } = await folder();
    const client = await connect(definition, { argv: [dir], sdk, era, elicit: () => answer });
    expect(errorOf(await client.callTool("delete_file", { path, recursive: true }))?.code).toBe("DECLINED");
    expect(await exists(join(path, "a.txt"))).toBe(true);
  });

  test("by a token where the client shows no forms", async () => {
    const { dir, path } = await folder();
    const client = await connect(definition, { argv: [dir], sdk, era });
    const refusal = errorOf(await client.callTool("delete_file", { path, recursive: true }));
    expect(refusal?.code).toBe("DECLINED");
    expect(await exists(path)).toBe(true);
    const confirmation = refusal?.details?.confirmation;
    const other = await client.callTool("delete_file", { path: dir, recursive: true, confirmation });
    expect(errorOf(other)?.code).not.toBeUndefined();
    expect(errorOf(await client.callTool("delete_file", { path, recursive: true, confirmation }))).toBeUndefined();
    expect(await exists(path)).toBe(false);
  });
});
