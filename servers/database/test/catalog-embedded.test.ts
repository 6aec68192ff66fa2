import { connect, errorOf, tempDir, textOf } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import definition from "../src/index.js";

it("knows the catalog of the embedded database as well", async () => {
  const client = await connect(definition, { argv: ["--demo", "--data-dir", await tempDir()] });
  const call = async (tool: string, args: Record<string, unknown>) => {
    const result = await client.callTool(tool, args);
    expect(errorOf(result), `${tool} ${JSON.stringify(args)}`).toBeUndefined();
    return { ...(result.structuredContent as Record<string, unknown>), text: textOf(result) };
  };
  const listed: Record<string, unknown> = await call("list_databases", {});
  expect(listed.databases).toMatchObject([{ kind: "embedded", version: expect.stringMatching(/^1\d/) }]);
  const { objects } = (await call("search_objects", {
    kinds: ["table", "view", "function", "schema"],
    limit: 100,
  })) as unknown as {
    objects: { kind: string; name: string }[];
  };
  expect(objects.filter(({ kind }) => kind === "table").length).toBeGreaterThan(2);
  for (const { kind, name } of objects) {
    expect((await call("describe_object", { object: name })).text).toContain(`name: ${name}`);
    if (kind === "table") expect((await call("sample_table", { table: name })).text).toContain("-- types: ");
  }
  const { messages } = await client.getPrompt("explore_database", {});
  expect(JSON.stringify(messages)).toContain("relationships");
}, 120_000);
