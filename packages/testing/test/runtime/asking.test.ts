import type { ElicitHandler, ElicitResult } from "@mcp-reference/client";
import { describe, expect, test } from "vitest";
import { connect, errorOf, textOf, variants } from "../../src/index.js";
import { answering, shredder } from "./shredder.js";

describe.each(variants)("confirmations for $variant", (variant) => {
  test("the person reads what will happen, and after a yes the handler runs once", async () => {
    const { server, removed } = shredder();
    const { questions, elicit } = answering({ action: "accept", content: { approve: true } });
    const client = await connect(server, { ...variant, elicit });
    expect(textOf(await client.callTool("remove_file", { path: "/a" }))).toBe("removed, answer true");
    expect(removed).toEqual(["/a"]);
    expect(questions.map(({ message }) => message)).toEqual(["Remove /a and its 3 versions?"]);
  });

  test("an empty acceptance is a yes: the form is preset to it", async () => {
    const { server, removed } = shredder();
    const client = await connect(server, { ...variant, elicit: () => ({ action: "accept", content: {} }) });
    await client.callTool("remove_file", { path: "/a" });
    expect(removed).toEqual(["/a"]);
  });

  test.each<[string, ElicitResult]>([
    ["declines", { action: "decline" }],
    ["cancels", { action: "cancel" }],
    ["accepts the form but unticks it", { action: "accept", content: { approve: false } }],
  ])("a person who %s is obeyed", async (_, answer) => {
    const { server, removed } = shredder();
    const client = await connect(server, { ...variant, elicit: () => answer });
    const result = await client.callTool("remove_file", { path: "/a" });
    expect(errorOf(result)).toMatchObject({ code: "DECLINED" });
    expect(removed).toEqual([]);
    expect(errorOf(result)?.details ?? {}).not.toHaveProperty("confirmation");
  });

  test("a client whose form fails is no yes", async () => {
    const { server, removed } = shredder();
    const elicit = () => Promise.reject(new Error("no display"));
    const client = await connect(server, { ...variant, elicit });
    const outcome = await client.callTool("remove_file", { path: "/a" }).catch((error) => error);
    expect(outcome instanceof Error || outcome.isError).toBe(true);
    expect(removed).toEqual([]);
  });

  test("a call that needs no question is not held up", async () => {
    const { server, removed } = shredder();
    const { questions, elicit } = answering({ action: "decline" });
    const client = await connect(server, { ...variant, elicit });
    await client.callTool("remove_file", { path: "/a", force: true });
    await client.callTool("trash_file", { path: "/b" }); // can be undone
    await client.callTool("rename_file", { path: "/c" });
    expect(removed).toEqual(["/a", "/b", "/c"]);
    expect(questions).toEqual([]);
  });

  test("arguments are checked before anybody is asked", async () => {
    const { server, asked } = shredder();
    const { questions, elicit } = answering({ action: "accept", content: {} });
    const client = await connect(server, { ...variant, elicit });
    expect(errorOf(await client.callTool("remove_file", { pth: "/a" }))).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect([...asked, ...questions]).toEqual([]);
  });

  test("--confirm never asks nobody", async () => {
    const { server, removed } = shredder();
    const { questions, elicit } = answering({ action: "decline" });
    const client = await connect(server, { ...variant, elicit, argv: ["--confirm", "never"] });
    await client.callTool("remove_file", { path: "/a" });
    expect(removed).toEqual(["/a"]);
    expect(questions).toEqual([]);
    const [removing] = await client.listTools();
    expect(removing?.inputSchema.properties).not.toHaveProperty("confirmation");
  });

  test("--confirm always asks before everything that changes something, and not before reading", async () => {
    const { server, removed } = shredder();
    const { questions, elicit } = answering({ action: "accept", content: {} });
    const client = await connect(server, { ...variant, elicit, argv: ["--confirm", "always"] });
    for (const name of ["remove_file", "trash_file", "rename_file", "read_file"]) {
      expect(errorOf(await client.callTool(name, { path: `/${name}` }))).toBeUndefined();
    }
    expect(removed).toEqual(["/remove_file", "/trash_file", "/rename_file"]);
    expect(questions).toHaveLength(3);
    expect(questions[2]?.message).toMatch(/rename_file.*\/rename_file/);
  });

  test("several confirmations at once are not mixed up", async () => {
    const { server, removed } = shredder();
    const elicit: ElicitHandler = async ({ message }) => {
      await new Promise(setImmediate);
      return message.includes("/odd") ? { action: "decline" } : { action: "accept", content: {} };
    };
    const client = await connect(server, { ...variant, elicit });
    const paths = Array.from({ length: 8 }, (_, index) => `/${index % 2 ? "odd" : "even"}-${index}`);
    const results = await Promise.all(paths.map((path) => client.callTool("remove_file", { path })));
    expect(results.map((result) => errorOf(result)?.code)).toEqual(
      paths.map((path) => (path.includes("odd") ? "DECLINED" : undefined)),
    );
    expect([...removed].sort()).toEqual(paths.filter((path) => path.includes("even")));
  });
});
