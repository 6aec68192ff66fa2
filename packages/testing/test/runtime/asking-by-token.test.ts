import { describe, expect, test } from "vitest";
import { connect, errorOf, textOf, variants } from "../../src/index.js";
import { shredder } from "./shredder.js";

describe.each(variants)("confirmation without forms for $variant", (variant) => {
  test("the preview comes with a token that works once, for these arguments", async () => {
    const { server, removed } = shredder();
    const client = await connect(server, variant);
    const preview = await client.callTool("remove_file", { path: "/a" });
    expect(errorOf(preview)).toMatchObject({ code: "DECLINED" });
    expect(textOf(preview)).toContain("Remove /a and its 3 versions?");
    const confirmation = errorOf(preview)?.details?.["confirmation"] as string;
    expect(textOf(preview)).toContain(confirmation);
    expect(removed).toEqual([]);

    const elsewhere = await client.callTool("remove_file", { path: "/b", confirmation });
    expect(elsewhere.isError).toBe(true);
    const otherTool = await client.callTool("trash_file", { path: "/a", confirmation });
    expect(errorOf(otherTool)).toBeUndefined(); // asks nothing in this mode, whatever it is given
    removed.pop();
    expect(removed).toEqual([]);

    expect(textOf(await client.callTool("remove_file", { path: "/a", confirmation }))).toBe("removed, answer true");
    expect(errorOf(await client.callTool("remove_file", { path: "/a", confirmation }))).toMatchObject({
      code: "DECLINED",
    });
    expect(removed).toEqual(["/a"]);
  });

  test("defaults spelled out are the same arguments", async () => {
    const { server, removed } = shredder();
    const client = await connect(server, variant);
    const preview = await client.callTool("remove_file", { path: "/a" });
    const confirmation = errorOf(preview)?.details?.["confirmation"];
    await client.callTool("remove_file", { force: false, path: "/a", confirmation });
    expect(removed).toEqual(["/a"]);
  });

  test("of many that use the token at once, one goes through", async () => {
    const { server, removed } = shredder();
    const client = await connect(server, variant);
    const preview = await client.callTool("remove_file", { path: "/a" });
    const confirmation = errorOf(preview)?.details?.["confirmation"];
    await Promise.all(Array.from({ length: 20 }, () => client.callTool("remove_file", { path: "/a", confirmation })));
    expect(removed).toEqual(["/a"]);
  });

  test.each(["", "yes", "true", "A".repeat(44), "🙂"])("token %j is refused", async (confirmation) => {
    const { server, removed } = shredder();
    const client = await connect(server, variant);
    const result = await client.callTool("remove_file", { path: "/a", confirmation });
    expect(result.isError).toBe(true);
    expect(removed).toEqual([]);
  });

  test("the input schema offers the field where calls may be confirmed, and only there", async () => {
    const { server } = shredder();
    const client = await connect(server, variant);
    const offering = (await client.listTools()).filter(({ inputSchema }) => inputSchema.properties?.["confirmation"]);
    expect(offering.map(({ name }) => name)).toEqual(["remove_file", "trash_file"]);
    expect(offering[0]?.inputSchema.required).toEqual(["path"]);
  });

  test("--confirm always works by token too", async () => {
    const { server, removed } = shredder();
    const client = await connect(server, { ...variant, argv: ["--confirm", "always"] });
    const preview = await client.callTool("rename_file", { path: "/a" });
    expect(textOf(preview)).toContain('{"path":"/a"}');
    await client.callTool("rename_file", { path: "/a", confirmation: errorOf(preview)?.details?.["confirmation"] });
    expect(removed).toEqual(["/a"]);
  });
});
